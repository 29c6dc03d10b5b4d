import { invalidOption } from '../../errors/index.ts';
import type { ForwardedFormat, HeaderNames } from '../../forwarded/format.ts';
import { headerFormats } from '../../forwarded/formats.ts';
import { connectTcp } from '../../net/connect-tcp.ts';
import { didYouMean } from '../../options/suggestion.ts';
import { forwardedScenarios } from '../../scenarios/catalogue/forwarded-catalogue.ts';
import type { ForwardedScenario } from '../../scenarios/catalogue/forwarded/forwarded-scenario.ts';
import type { Assessment } from '../../scenarios/records/scenario-result.ts';
import { ForwardedApplication } from '../../scenarios/run/forwarded/forwarded-application.ts';
import { runAll } from '../../scenarios/run/forwarded/run-all.ts';
import { runForwardedScenario, tryAuthorized, tryUnnamed } from '../../scenarios/run/forwarded/run-forwarded-scenario.ts';
import type { ExitCode } from '../exit-codes.ts';
import { parseAddress } from './address.ts';
import { readPkiFolder } from './pki-folder.ts';
import type { ProbeOptions } from './probe.ts';
import { reportResults, requireReportFiles, withProgress } from './probe-output.ts';
import { controlId, type ProbeResult } from './probe-report.ts';
import { chosenScenarios, withDashes } from './probe-selection.ts';

/** Calls an application as its proxy does that ends TLS, and as an attacker would; prints the unexpected results. */
export async function probeForwarded(address: string, options: ProbeOptions): Promise<ExitCode> {
  const { pki: directory, http: path, timeout } = options;
  const format = parseFormat(options);
  requireNothingOfTls(options);
  const scenarios = chosenScenarios(
    forwardedScenarios.filter(({ formats, through }) => formats.includes(format) && through === 'application'),
    options,
  );
  const target = parseAddress(address, 'http');
  const source = { target, format, names: parseNames(options), authorizes: { commonName: options.authorizes ?? 'client' } };
  const application = withDashes(() => new ForwardedApplication(source, { pki: readPkiFolder(directory), timeout, path }));
  requireReportFiles(options, scenarios.length);
  // Whether an application listens, before many scenarios fail for that.
  (await connectTcp(target, { timeout })).destroy();

  await application.open(); // nothing is started that would have to be closed
  const results = await withProgress(scenarios.length, (done) => judge(application, scenarios, done));
  return reportResults(address, results, options);
}

/** The controls, and the scenarios that can be judged behind them. */
async function judge(
  application: ForwardedApplication,
  scenarios: readonly ForwardedScenario[],
  done: (scenario: string) => void,
): Promise<ProbeResult[]> {
  const authorized = await tryAuthorized(application);
  if (authorized.status !== 'as-expected') return [controlResult({ ...authorized, status: 'not-judged' }, 'accepted')];
  const unnamed = await tryUnnamed(application);
  const isControlled = unnamed.status === 'as-expected';
  const fit = scenarios.filter(({ trial }) => isControlled || (trial.kind === 'application' && trial.isNegativeControl === true));
  const results = await runAll(fit, false, async (scenario): Promise<ProbeResult> => {
    const result = await runForwardedScenario(scenario, application, undefined);
    done(scenario.id);
    return { ...result, version: 'HTTP', title: scenario.title, differs: scenario.differs };
  });
  return isControlled ? results : [controlResult(unnamed, 'rejected'), ...results];
}

function controlResult({ status, message }: Assessment, verdict: 'accepted' | 'rejected'): ProbeResult {
  return {
    id: controlId,
    version: 'HTTP',
    title: verdict === 'accepted' ? 'accepts the authorized client' : 'accepts no request without the header',
    differs: 'nothing: it is the control',
    status,
    expected: verdict === 'accepted' ? { verdict } : { verdict, by: 'server' },
    message: `nothing else is judged: ${message}`,
  };
}

function parseFormat({ forwarded = '' }: ProbeOptions): ForwardedFormat {
  const known = headerFormats.map(({ format }) => format);
  const found = known.find((format) => format === forwarded);
  if (found) return found;
  const expected = `one of ${known.join(', ')}${didYouMean(forwarded, known)}`;
  throw invalidOption('--forwarded', forwarded, expected);
}

/** What an application in plain HTTP has nothing of. */
function requireNothingOfTls({ starttls, servername, areVersionsAsked, tls, stack }: ProbeOptions): void {
  const asked = Object.entries({
    '--starttls': starttls,
    '--servername': servername,
    '--tls': areVersionsAsked ? tls.join(',') : undefined,
    '--stack': stack,
  });
  for (const [option, value] of asked) if (value !== undefined) throw invalidOption(option, value, 'no --forwarded beside it');
}

/** `certificate=X-Client-Cert`. Which fields a format has is checked where it is read. */
function parseNames({ names = [] }: ProbeOptions): HeaderNames {
  return Object.fromEntries(
    names.map((pair) => {
      const [, field, name] = /^([A-Za-z]+)=([!#$%&'*+.^_`|~0-9A-Za-z-]+)$/u.exec(pair) ?? [];
      if (field === undefined || name === undefined)
        throw invalidOption('--names', pair, 'what a header says and its name, such as certificate=X-Client-Cert');
      return [field, name];
    }),
  );
}
