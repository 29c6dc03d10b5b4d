import { MtlsFixturesError } from '../../../errors/index.ts';
import type { Endpoint } from '../../../handshake/attempt/attempt-options.ts';
import { type OpenConnection, openConnection } from '../../../handshake/attempt/open-connection.ts';
import type { ObservedServer } from '../../../handshake/server/observed-server.ts';
import type { Handshake } from '../../../handshake/verdict/handshake.ts';
import { answersCertificate } from '../../../handshake/verdict/reasons/tables/alert-reasons.ts';
import { type AnswerBeginning, beginningOf, describeBeginning, isUnclear } from '../../../net/answer-beginning.ts';
import type { Identity } from '../../../pki/identity.ts';
import { assessControl } from '../../assess/assess-scenario.ts';
import type { ExpectedOutcome } from '../../catalogue/scenario.ts';
import { asExpected, type Assessment, describeOutcome, notJudged, type Seen, unexpected } from '../../records/scenario-result.ts';
import { encodeHttp1, preparedRequest } from '../server/server-request.ts';
import type { SpiffeSettings } from './spiffe-source.ts';

/** What a service made of one client. */
export interface Called {
  /** `neither`: nothing that could be judged was seen. */
  readonly verdict: 'accepted' | 'refused' | 'neither';
  /** For messages. */
  readonly words: string;
  readonly handshake?: Handshake | undefined;
  /** Of HTTP, by which it accepted or refused. */
  readonly status?: number;
}

/** A service that can be called. */
export interface CallableService {
  readonly settings: SpiffeSettings;
  readonly target: ObservedServer | Endpoint;
  /** PEM of the anchors that clients are told to trust, although they take any server: the service alone is to judge. */
  readonly anchors: string;
  /** Header fields that a client sends beside those of the settings. */
  readonly headersOf?: (identity: Identity | undefined) => Headers;
}

type Headers = Readonly<Record<string, string>>;

/** Connects as one client, or without a certificate, and sends a request where the handshake was accepted. */
export async function callService(
  service: CallableService,
  identity: Identity | undefined,
  headers: Headers = service.headersOf?.(identity) ?? {},
): Promise<Called> {
  let connection: OpenConnection;
  try {
    connection = await connectTo(service, identity);
  } catch (error) {
    if (error instanceof MtlsFixturesError) return { verdict: 'neither', words: error.message };
    throw error;
  }
  try {
    const { handshake } = connection;
    if (handshake.verdict === 'rejected') return { verdict: 'refused', words: 'refused in the handshake', handshake };
    return { ...(await askOn(connection, requestOf(service.settings, 'close', headers), service.settings)), handshake };
  } finally {
    await connection.close();
  }
}

/** Opens a connection as a client that takes any server. */
export function connectTo(service: CallableService, identity: Identity | undefined): Promise<OpenConnection> {
  const { version, timeout } = service.settings;
  return openConnection(service.target, {
    ...(identity && { identity }),
    trust: service.anchors,
    rejectUnauthorized: false,
    minVersion: version,
    maxVersion: version,
    timeout,
    quietPeriod, // the answer to a request decides
  });
}

/** Sends bytes on a connection, and reads the beginning of the answer. */
export async function askOn(connection: OpenConnection, bytes: Uint8Array, { timeout, refusals }: SpiffeSettings): Promise<Called> {
  try {
    const answer = beginningOf(
      await connection.exchange(bytes, { timeout, until: (received) => beginningOf(received).kind !== 'incomplete' }),
    );
    if (isUnclear(answer)) return unclear(answer);
    const { status } = answer;
    if (status === undefined) return { verdict: 'accepted', words: 'answered' };
    if (status >= 200 && status < 300) return { verdict: 'accepted', words: `answered with status ${status}`, status };
    if (refusals.includes(status)) return { verdict: 'refused', words: `refused with status ${status}`, status };
    return { verdict: 'neither', words: `neither accepted nor refused: status ${status}` };
  } catch (error) {
    if (!(error instanceof MtlsFixturesError)) throw error;
    if (error.code !== 'CONNECTION_OVER') return { verdict: 'neither', words: error.message };
    const begun = connection.received();
    if (begun.length > 0) return unclear(beginningOf(begun)); // the end of a connection does not refuse where an answer had begun
    const { alert } = await connection.closed;
    const isRefusal = alert === undefined || answersCertificate(alert.name);
    return { verdict: isRefusal ? 'refused' : 'neither', words: `refused after the handshake: ${error.message}` };
  }
}

function unclear(answer: AnswerBeginning): Called {
  return { verdict: 'neither', words: `neither accepted nor refused: answered ${describeBeginning(answer)}` };
}

/** What a client asks. */
export function requestOf(settings: SpiffeSettings, connection: 'close' | 'keep-alive', headers: Headers = {}): Buffer {
  if (settings.exchange !== undefined) return Buffer.from(settings.exchange);
  const { request: asked } = settings;
  const withHeaders = { ...settings, request: { ...asked, headers: { ...asked?.headers, ...headers } } };
  const request = encodeHttp1(preparedRequest(withHeaders, { servername: 'localhost' }));
  return connection === 'close' ? request : Buffer.from(request.toString('latin1').replace('\r\nConnection: close\r\n', '\r\n'), 'latin1');
}

/** Compares what a service made of a client with what is expected. */
export function assessCalled({ verdict, words, handshake }: Called, expected: ExpectedOutcome, identity: Identity | undefined): Seen {
  const seen = { ...(handshake && { handshake }) };
  if (verdict === 'neither') return { ...notJudged(`not judged: ${words}`), ...seen };
  if (verdict === 'refused' && handshake?.verdict === 'rejected') return { ...assessRefusal(handshake, expected, identity), ...seen };
  const isAsExpected = (verdict === 'accepted') === (expected.verdict === 'accepted');
  return {
    ...(isAsExpected ? asExpected(`${words}, as expected`) : unexpected(`expected ${describeOutcome(expected)}, but it was ${words}`)),
    ...seen,
  };
}

/** A service may verify the whole chain by its own code, which gives other reasons and alerts than its TLS library would. */
function assessRefusal(handshake: Handshake, expected: ExpectedOutcome, identity: Identity | undefined): Assessment {
  const byOwnCode = expected.verdict === 'rejected' && handshake.reason === 'APPLICATION_VERIFICATION';
  const demanded = byOwnCode ? ({ verdict: 'rejected', by: expected.by } as const) : expected;
  return identity
    ? assessControl({ kind: 'presented-credential', handshake, credential: { identity } }, demanded)
    : assessControl({ kind: 'protocol-handshake', handshake }, demanded);
}

/** Milliseconds for which the silence of an endpoint is waited out, where nothing has come that says more. */
const quietPeriod = 50;
