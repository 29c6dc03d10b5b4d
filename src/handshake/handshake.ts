import { inspectCertificate, type PeerCertificate } from '../x509/inspect-certificate.ts';
import type { Alert } from '../wire/alert-record.ts';
import type { Side } from '../wire/capture.ts';
import { inspectSymbol } from '../pki/inspect-symbol.ts';
import { recordsOf, type TlsRecord } from '../wire/tls-record.ts';
import type { EndReport, Evidence } from './end-report.ts';
import { explain } from './explain.ts';
import { judge } from './judge.ts';

/** What one handshake came to, as seen from both ends, or from the one end that was observed. A value: frozen, and never thrown. */
export interface Handshake {
  readonly verdict: 'accepted' | 'rejected';
  /** The end that refused; absent when accepted. */
  readonly rejectedBy?: Side;
  /**
   * Why, where the refusing end was observed: OpenSSL's verify name (`CERT_HAS_EXPIRED`), the reason of its handshake error
   * (`NO_SHARED_CIPHER`), Node's `ERR_TLS_CERT_ALTNAME_INVALID`, or `APPLICATION_VERIFICATION` for a `verifyPeer` callback.
   */
  readonly reason?: string;
  /** More about the reason in words, e.g. the text that `verifyPeer` returned. */
  readonly detail?: string;
  /** The fatal alert that told the other end. */
  readonly alert?: Alert;
  /** How the verdict is known. */
  readonly evidence: Evidence;
  /** `TLSv1.3` or `TLSv1.2`; absent when the handshake ended before a version was agreed on. */
  readonly protocol?: string;
  /** OpenSSL's name of the cipher suite. */
  readonly cipher?: string;
  /** The key-exchange group, e.g. `x25519`, where the wire names it. */
  readonly group?: string;
  readonly alpn?: string;
  /** The name the client asked for (SNI). */
  readonly servername?: string;
  readonly resumed: boolean;
  /** Whether the server was presented a client certificate and verified it. A resumed session without a certificate never counts. */
  readonly clientAuthenticated: boolean;
  /** Node's verify code where a client certificate failed verification and the server accepted it all the same. */
  readonly authorizationError?: string;
  /** Milliseconds from the connection to the decision. */
  readonly durationMs: number;
  /** The certificate that the client presented, also when it was refused. */
  readonly clientCertificate?: PeerCertificate;
  /** The certificate that the server presented, also when it was refused. */
  readonly serverCertificate?: PeerCertificate;
  /** The TLS records of both directions until the decision. */
  readonly records: readonly TlsRecord[];
  /** Both ends' story in plain text and what to try next; at most 25 lines. */
  explain(): string;
}

/** Makes the value from what one or both ends report. */
export function createHandshake(ends: Ends): Handshake {
  return Object.freeze(Object.defineProperties(facts(ends), lateMembers(ends))) as Handshake; // lateMembers adds what facts lacks
}

/** Whether a value is one of ours. */
export function isHandshake(value: unknown): value is Handshake {
  return typeof value === 'object' && value !== null && 'verdict' in value && 'evidence' in value && 'explain' in value;
}

interface Ends {
  readonly server?: EndReport;
  readonly client?: EndReport;
}

type LateMember = 'clientCertificate' | 'serverCertificate' | 'records' | 'explain';

function facts(ends: Ends): Omit<Handshake, LateMember> {
  const { server, client } = ends;
  return {
    ...judge(ends),
    ...client?.session,
    ...server?.session,
    resumed: server?.session.resumed ?? client?.session.resumed ?? false,
    clientAuthenticated: server?.session.clientAuthenticated ?? false,
    durationMs: Math.max(server?.durationMs ?? 0, client?.durationMs ?? 0),
  };
}

/** The members that cost something: computed when asked for, so that recording a handshake stays cheap. */
function lateMembers(ends: Ends): PropertyDescriptorMap {
  const { server, client } = ends;
  const clientX509 = server?.peerCertificate ?? client?.ownCertificate;
  const serverX509 = client?.peerCertificate ?? server?.ownCertificate;
  return {
    ...(clientX509 && { clientCertificate: lazy(() => inspectCertificate(clientX509), true) }),
    ...(serverX509 && { serverCertificate: lazy(() => inspectCertificate(serverX509), true) }),
    records: lazy(() => Object.freeze(recordsOf((server ?? client)?.capture.chunks ?? [])), false),
    explain: {
      value(this: Handshake): string {
        return explain(this, ends);
      },
    },
    [inspectSymbol]: {
      value(this: Handshake): object {
        return { ...this };
      },
    },
  };
}

function lazy(compute: () => unknown, enumerable: boolean): PropertyDescriptor {
  let known: { readonly value: unknown } | undefined;
  return { enumerable, get: () => (known ??= { value: compute() }).value };
}
