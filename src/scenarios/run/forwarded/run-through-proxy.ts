import type { ClientHttp2Session } from 'node:http2';
import type tls from 'node:tls';
import { after } from '../../../clock/real-clock.ts';
import { MtlsFixturesError } from '../../../errors/index.ts';
import type { HeaderLine } from '../../../forwarded/format.ts';
import { describeErrors } from '../../../handshake/verdict/client-errors/handshake-failure.ts';
import { connectTcp } from '../../../net/connect-tcp.ts';
import type { ForwardedExchange, ProxyTrial } from '../../catalogue/forwarded/forwarded-scenario.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { type Assessment, unsuitable } from '../../records/scenario-result.ts';
import { type AnswerSeen, readAnswer } from './assess-answer.ts';
import { encodeRequest } from './encode-request.ts';
import type { ForwardedApplication } from './forwarded-application.ts';
import type { HttpAnswer } from './http-answers.ts';
import { type NoAnswer, RawConnection, secured } from './raw-connection.ts';
import { runAll, worstOf } from './run-all.ts';
import { compare, runExchange } from './run-exchange.ts';

type Client = ProxyTrial['presents'];

/** Calls proxy and application together as a client of TLS that forges headers. */
export async function runThroughProxy(
  trial: ProxyTrial,
  application: ForwardedApplication,
  expected: ExpectedOutcome,
): Promise<Assessment> {
  const { setup } = application;
  if (trial.http2 && !(await speaksHttp2(application))) return unsuitable('the proxy does not agree to HTTP/2');
  const exchanges = trial.exchanges(setup);
  if (exchanges.length === 0) return unsuitable('the configured names leave nothing to try');
  return worstOf(await runAll(exchanges, false, (exchange) => runOne(exchange, { trial, application, expected })));
}

/** What a client is answered that sends no header. */
export async function answerThroughProxy(application: ForwardedApplication, client: Client): Promise<AnswerSeen> {
  const { asked, settings, rules } = application;
  return overTls(application, client, async (connection) => {
    connection.send(encodeRequest(asked, { lines: [] }, { closes: true }));
    return readAnswer(await connection.next(settings.timeout), { ...rules, malformed: client !== 'authorized' });
  });
}

interface OneRun {
  readonly trial: ProxyTrial;
  readonly application: ForwardedApplication;
  readonly expected: ExpectedOutcome;
}

/** A connection that ends without an answer is a refusal of the proxy: TLS 1.3 refuses a certificate after the client's handshake. */
async function runOne(exchange: ForwardedExchange, { trial, application, expected }: OneRun): Promise<Assessment> {
  const { asked, settings } = application;
  const rules = { ...application.rules, malformed: trial.presents !== 'authorized', tooLarge: true };
  if (trial.http2) return compare(readAnswer(await answerOverHttp2(application, trial.presents, linesOf(exchange)), rules), expected);
  const seen = await overTls(application, trial.presents, (connection) =>
    runExchange(connection, exchange, { asked, rules, timeout: settings.timeout, expected }),
  );
  return 'verdict' in seen ? compare(seen, expected) : seen;
}

function linesOf({ requests }: ForwardedExchange): readonly HeaderLine[] {
  return requests.flatMap(({ lines }) => lines);
}

/** A handshake that fails is a refusal; a port on which nothing listens is not. */
async function overTls<Result>(
  application: ForwardedApplication,
  client: Client,
  use: (connection: RawConnection) => Promise<Result>,
): Promise<Result | AnswerSeen> {
  const { endpoint, settings } = application;
  let connection: RawConnection;
  try {
    connection = await RawConnection.open({ ...endpoint, tls: tlsOf(application, client) }, settings.timeout);
  } catch (error) {
    if (error instanceof MtlsFixturesError) throw error;
    return { verdict: 'refused', words: `refused in the handshake: ${describeErrors(error)}` };
  }
  try {
    return await use(connection);
  } finally {
    connection.close();
  }
}

function tlsOf({ endpoint, setup }: ForwardedApplication, client: Client): tls.ConnectionOptions {
  const identity = client === 'nothing' ? undefined : setup[client];
  return { ...endpoint.tls, ...(identity && { key: identity.keyPem, cert: identity.chainPem }) };
}

async function speaksHttp2(application: ForwardedApplication): Promise<boolean> {
  const { endpoint, settings } = application;
  try {
    const socket = await secured(
      await connectTcp(endpoint, settings),
      { ...tlsOf(application, 'authorized'), ALPNProtocols: ['h2', 'http/1.1'] },
      settings.timeout,
    );
    socket.destroy();
    return socket.alpnProtocol === 'h2';
  } catch (error) {
    if (error instanceof MtlsFixturesError) throw error;
    return false;
  }
}

async function answerOverHttp2(
  application: ForwardedApplication,
  client: Client,
  lines: readonly HeaderLine[],
): Promise<HttpAnswer | NoAnswer> {
  const { endpoint, settings, asked } = application;
  let socket: tls.TLSSocket;
  try {
    socket = await secured(
      await connectTcp(endpoint, settings),
      { ...tlsOf(application, client), ALPNProtocols: ['h2'] },
      settings.timeout,
    );
  } catch (error) {
    if (error instanceof MtlsFixturesError) throw error;
    return { kind: 'closed', words: `the handshake failed: ${describeErrors(error)}` };
  }
  const { method, path, host, headers, body } = asked;
  const session = process.getBuiltinModule('node:http2').connect(`https://${host}`, { createConnection: () => socket });
  const fields = Object.fromEntries(lines.map(([name, value]) => [name.toLowerCase(), value]));
  try {
    return await answered(
      session,
      { ...headers, ...fields, ':method': method, ':path': path, ':authority': host },
      { body, timeout: settings.timeout },
    );
  } finally {
    session.destroy();
  }
}

function answered(
  session: ClientHttp2Session,
  fields: Readonly<Record<string, string>>,
  { body, timeout }: { readonly body: Uint8Array; readonly timeout: number },
): Promise<HttpAnswer | NoAnswer> {
  return new Promise((resolve) => {
    const cancel = after(timeout, () => resolve({ kind: 'silence', words: `no answer within ${timeout} ms` }));
    let begun: number | undefined;
    const closed = (words: string): void => {
      cancel();
      resolve(
        begun === undefined ? { kind: 'closed', words } : { kind: 'cut', status: begun, words: `${words}, within the answer ${begun}` },
      );
    };
    session.on('error', (error) => closed(describeErrors(error)));
    session.on('close', () => closed('the connection was closed with no answer'));
    const stream = session.request(fields, { endStream: body.length === 0 });
    stream.on('error', (error) => closed(describeErrors(error)));
    stream.once('response', ({ ':status': status = 0, ...headers }) => {
      begun = status;
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        cancel();
        resolve({ status, headers: textsOf(headers), body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    stream.once('close', () => closed(`the stream was closed with code ${stream.rstCode}`));
    if (body.length > 0) stream.end(body);
  });
}

function textsOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
