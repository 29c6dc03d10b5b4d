import type { PeerCertificate } from '../../x509/inspect-certificate.ts';
import type { Alert } from '../../wire/records/alert-record.ts';
import type { Capture, Side } from '../../wire/tap/capture.ts';
import { decodeHandshake } from '../../wire/decode/decode-handshake.ts';
import type { DecodedMessage } from '../../wire/decode/decoded-message.ts';
import type { StreamEnd } from '../../wire/decode/stream-end.ts';
import { requireKnownOptions, requireText } from '../../options/checks.ts';
import { gettersOf, inspectedAs, makeComparable, original } from '../../pki/comparable.ts';
import { writeNewFile } from '../../pki/files/new-file.ts';
import { serverHelloOf } from '../../wire/hello/hello.ts';
import { toPcapng } from '../../wire/pcapng/to-pcapng.ts';
import { recordsOf, type TlsRecord } from '../../wire/records/tls-record.ts';
import type { Ends, Evidence } from './end-report.ts';
import { explain, type ExplainOptions } from '../explain/explain.ts';
import { maskedFacts } from '../explain/masked.ts';
import type { HandshakeFacts } from './handshake-facts.ts';
import { judge } from './judge.ts';
import { chainIn, readableCertificate } from './presented-chain.ts';
import { verdictSentence } from './verdict-sentence.ts';

/** What one handshake came to. A value: frozen, and never thrown. */
export interface Handshake extends HandshakeFacts {
  /** A transcript of both ends in plain text and what to try next; at most 25 lines of 190 characters. */
  explain(options?: ExplainOptions): string;
  /**
   * The facts and both certificates, without bytes and secrets: what `JSON.stringify` writes. `masked`: `<serial number>`, `<date>` and the like in place of what no two runs have in
   * common, for snapshots.
   */
  toJSON(options?: ToJsonOptions): Readonly<Record<string, unknown>>;
  /** The secrets of this connection as a file named by SSLKEYLOGFILE has them (RFC 9850): they decrypt it. */
  keyLog(): string;
  /** The connection until the decision as a capture file that Wireshark opens decrypted; it holds the connection's secrets. The TCP/IP packets are made up. */
  toPcapng(): Uint8Array;
  /** Writes {@link toPcapng} to a file, mode 0600; a file that is there is never written over (`FILE_EXISTS`). Throws `WRITE_FAILED`. */
  writePcapng(file: string): void;
}

/** How the facts of a handshake are written as JSON. */
export interface ToJsonOptions {
  /** Default false. */
  readonly masked?: boolean | undefined;
}

/** Makes the value from what one or both ends report. */
export function createHandshake(ends: Ends): Handshake {
  return new RecordedHandshake(ends);
}

/** Whether a value is one of ours. */
export function isHandshake(value: unknown): value is Handshake {
  return value instanceof RecordedHandshake;
}

/** Who was seen to leave before the decision, and when. */
function streamEnds({ server, client }: Ends): readonly StreamEnd[] {
  const reports = [server && { sentBy: 'client' as const, report: server }, client && { sentBy: 'server' as const, report: client }];
  return reports.flatMap((seen) => {
    if (seen?.report.outcome.kind !== 'left') return [];
    const { outcome, durationMs } = seen.report;
    return [{ sentBy: seen.sentBy, how: outcome.how === 'reset' ? 'reset' : 'end', atMs: durationMs }];
  });
}

/**
 * A class for the sake of speed: a server makes one for every connection, so what costs something is computed when it is asked for,
 * by getters on the prototype.
 */
class RecordedHandshake implements Handshake {
  static {
    inspectedAs(RecordedHandshake, (handshake) => handshake.toJSON());
  }

  static readonly #shown: PropertyDescriptorMap = gettersOf(RecordedHandshake.prototype, [
    'clientCertificate',
    'group',
    'serverCertificate',
  ]);
  declare readonly verdict: Handshake['verdict'];
  declare readonly rejectedBy?: Side;
  declare readonly reason?: Exclude<Handshake['reason'], undefined>;
  declare readonly detail?: string;
  declare readonly alert?: Alert;
  declare readonly evidence: Evidence;
  declare readonly protocol?: string;
  declare readonly cipher?: string;
  declare readonly alpn?: string;
  declare readonly servername?: string;
  declare readonly authorizationError?: string;
  declare readonly resumed: boolean;
  declare readonly clientAuthenticated: boolean;
  declare readonly durationMs: number;
  readonly #ends: Ends;
  #clientCertificate: PeerCertificate | undefined;
  #serverCertificate: PeerCertificate | undefined;
  #records: readonly TlsRecord[] | undefined;
  #messages: readonly DecodedMessage[] | undefined;

  constructor(ends: Ends) {
    const { server, client } = ends;
    this.#ends = ends;
    const settled = { resumed: false, clientAuthenticated: false, durationMs: Math.max(server?.durationMs ?? 0, client?.durationMs ?? 0) };
    Object.assign(this, settled, judge(ends), client?.session, server?.session);
    makeComparable(this, RecordedHandshake.#shown);
    Object.freeze(this);
  }

  get group(): string | undefined {
    return serverHelloOf(this.records)?.group;
  }

  get clientCertificate(): PeerCertificate | undefined {
    const it = original(this);
    return (it.#clientCertificate ??= it.#presentedBy('client'));
  }

  get serverCertificate(): PeerCertificate | undefined {
    const it = original(this);
    return (it.#serverCertificate ??= it.#presentedBy('server'));
  }

  get records(): readonly TlsRecord[] {
    const it = original(this);
    return (it.#records ??= Object.freeze(recordsOf(it.#capture?.chunks ?? [])));
  }

  get startedAt(): Date {
    return new Date(original(this).#capture?.startedAt ?? 0);
  }

  get messages(): readonly DecodedMessage[] {
    const it = original(this);
    return (it.#messages ??= Object.freeze(decodeHandshake(it.records, { keyLog: it.keyLog(), ends: streamEnds(it.#ends) })));
  }

  explain(options?: ExplainOptions): string {
    if (options !== undefined) requireKnownOptions('explain option', options, ['color', 'masked']);
    return explain(this, this.#ends, options);
  }

  keyLog(): string {
    return this.#capture?.secrets.keyLog ?? '';
  }

  toPcapng(): Uint8Array {
    const comment = `${verdictSentence(this)}, as mtls-fixtures saw it`;
    const { startedAt } = this;
    return toPcapng({ chunks: this.#capture?.chunks ?? [], ends: streamEnds(this.#ends), keyLog: this.keyLog(), comment, startedAt });
  }

  writePcapng(file: string): void {
    requireText('file of writePcapng', file);
    writeNewFile(file, this.toPcapng());
  }

  /** What one side presented, read. */
  #presentedBy(side: Side): PeerCertificate | undefined {
    const { server, client } = this.#ends;
    const [own, other] = side === 'client' ? [client, server] : [server, client];
    const known = {
      side,
      resumed: this.resumed,
      isServerObserved: server !== undefined,
      received: other?.peerChain?.(),
      own: own?.ownChain,
    };
    const chain = chainIn(this.messages, known);
    return chain && readableCertificate(chain);
  }

  get #capture(): Capture | undefined {
    return (this.#ends.server ?? this.#ends.client)?.capture;
  }

  /** `JSON.stringify` passes the name of the property that holds the value. */
  toJSON(options?: ToJsonOptions | string): Readonly<Record<string, unknown>> {
    const facts = Object.fromEntries(Object.entries(this).filter(([, value]) => value !== undefined));
    if (options === undefined || typeof options === 'string') return facts;
    requireKnownOptions('toJSON option', options, ['masked']);
    return options.masked === true ? maskedFacts(facts) : facts;
  }
}
