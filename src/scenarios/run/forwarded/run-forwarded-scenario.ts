import { MtlsFixturesError } from '../../../errors/index.ts';
import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import { outcomeWith } from '../../assess/expected-outcome.ts';
import type { ApplicationTrial, ForwardedExchange, ForwardedScenario } from '../../catalogue/forwarded/forwarded-scenario.ts';
import { accepted, rejectedBy } from '../../catalogue/protocol-definition.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { type Assessment, notJudged, type ScenarioResult, unsuitable } from '../../records/scenario-result.ts';
import type { ForwardedApplication } from './forwarded-application.ts';
import { type AnswerSeen, readAnswer } from './assess-answer.ts';
import { encodeRequest } from './encode-request.ts';
import { type ForwardedEndpoint, RawConnection } from './raw-connection.ts';
import { runAll, worstOf } from './run-all.ts';
import { compare, runExchange } from './run-exchange.ts';
import { answerThroughProxy, runThroughProxy } from './run-through-proxy.ts';

/** Runs a scenario about headers of a proxy. */
export async function runForwardedScenario(
  scenario: ForwardedScenario,
  application: ForwardedApplication,
  demanded: ExpectedOutcome | undefined,
): Promise<ScenarioResult> {
  const expected = demanded ?? outcomeWith(scenario, 'HTTP');
  const { message, ...assessment } = await reached(() => runTrial(scenario, application, expected));
  return { id: scenario.id, expected, ...assessment, message: `${scenario.id} (${application.source.format}): ${message}` };
}

/** The positive control: the authorized client is accepted. Learns what the application calls it. */
export async function tryAuthorized(application: ForwardedApplication): Promise<Assessment> {
  const assessment = await reached(async () => {
    const seen = await answerOf(application, 'authorized');
    if (seen.verdict === 'accepted') application.authorized = seen.identity;
    return compare(seen, accepted);
  });
  return assessment.status === 'as-expected' ? assessment : { ...assessment, message: `the authorized client: ${assessment.message}` };
}

/** The negative control: a request that names no client, or of a client that is not authorized through the proxy, is refused. */
export async function tryUnnamed(application: ForwardedApplication): Promise<Assessment> {
  const isProxy = application.source.through === 'proxy';
  const assessment = await reached(async () => compare(await answerOf(application, isProxy ? 'other' : 'nothing'), rejectedBy('server')));
  const who = isProxy ? 'a client that is not authorized' : 'a request without the header';
  return assessment.status === 'as-expected' ? assessment : { ...assessment, message: `${who}: ${assessment.message}` };
}

async function answerOf(application: ForwardedApplication, client: 'authorized' | 'other' | 'nothing'): Promise<AnswerSeen> {
  const { settings, setup, source, asked, rules, endpoint } = application;
  if (source.through === 'proxy') return answerThroughProxy(application, client);
  const connection = await RawConnection.open(endpoint, settings.timeout);
  try {
    connection.send(encodeRequest(asked, { lines: client === 'nothing' ? [] : setup.lines(setup[client]) }, { closes: true }));
    return readAnswer(await connection.next(settings.timeout), rules);
  } finally {
    connection.close();
  }
}

function runTrial({ trial }: ForwardedScenario, application: ForwardedApplication, expected: ExpectedOutcome): Promise<Assessment> {
  return trial.kind === 'proxy' ? runThroughProxy(trial, application, expected) : runAtApplication(trial, application, expected);
}

async function runAtApplication(
  trial: ApplicationTrial,
  application: ForwardedApplication,
  expected: ExpectedOutcome,
): Promise<Assessment> {
  const { setup, endpoint, direct } = application;
  if (trial.needsUnverified && application.proxyVerifies && !setup.facts.verify)
    return unsuitable('the proxy verifies certificates, and passes on none like this; proxyVerifies: false says that it does not');
  const target = trial.at === 'direct' ? direct : endpoint;
  if (!target) return unsuitable("no other port of the application is known: give direct, an address that is not the proxy's");
  const exchanges = exchangesOf(() => trial.exchanges(setup));
  if ('status' in exchanges) return exchanges;
  return worstOf(
    await runAll(exchanges, trial.concurrent === true, (exchange) => runOne(exchange, { trial, application, expected, target })),
  );
}

/** None where the configured names leave nothing to try, or the proxy sends no headers for such a client. */
function exchangesOf(make: () => readonly ForwardedExchange[]): readonly ForwardedExchange[] | Assessment {
  try {
    const exchanges = make();
    return exchanges.length === 0 ? unsuitable('the configured names leave nothing to try') : exchanges;
  } catch (error) {
    if (error instanceof MtlsFixturesError && error.code === 'OPTION_INVALID')
      return unsuitable(`no proxy names such a client: ${error.message}`);
    throw error;
  }
}

interface OneRun {
  readonly trial: ApplicationTrial;
  readonly application: ForwardedApplication;
  readonly expected: ExpectedOutcome;
  readonly target: ForwardedEndpoint;
}

async function runOne(exchange: ForwardedExchange, run: OneRun): Promise<Assessment> {
  const { trial, application, expected, target } = run;
  const { asked, settings, rules } = application;
  const isRefusedByTls = trial.at === 'direct' && target.tls !== undefined; // which may end the connection after the client's handshake
  const connection = await connected(run, isRefusedByTls);
  if ('verdict' in connection) return compare(connection, expected);
  try {
    const { tooLarge, malformed, needsUnverified } = trial;
    const authorized = needsUnverified ? undefined : rules.authorized; // of a certificate that is not valid, any name is wrong
    return await runExchange(connection, exchange, {
      asked,
      rules: { ...rules, authorized, malformed: malformed ?? isRefusedByTls, tooLarge },
      timeout: settings.timeout,
      expected,
    });
  } finally {
    connection.close();
  }
}

async function connected({ target, application }: OneRun, isRefusedByTls: boolean): Promise<RawConnection | AnswerSeen> {
  try {
    return await RawConnection.open(target, application.settings.timeout);
  } catch (error) {
    if (!isRefusedByTls || error instanceof MtlsFixturesError) throw error;
    return { verdict: 'refused', words: `refused in the handshake: ${describeErrors(error)}` };
  }
}

/** An application that is not there has not refused anything. */
export async function reached<Result extends Assessment>(run: () => Promise<Result>): Promise<Result | Assessment> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof MtlsFixturesError && unreachable.has(error.code)) return notJudged(`not judged: ${error.message}`);
    throw error;
  }
}

const unreachable: ReadonlySet<string> = new Set(['CONNECT_FAILED', 'HOST_NOT_FOUND', 'HANDSHAKE_TIMEOUT']);
