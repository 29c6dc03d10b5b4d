import type { Alert } from '../../wire/records/alert-record.ts';
import type { Side } from '../../wire/tap/capture.ts';
import type { EndReport, Ends, Evidence } from './end-report.ts';
import type { Reason } from './reasons/reason.ts';

/** The part of a handshake that is a decision. */
export interface Judgement {
  readonly verdict: 'accepted' | 'rejected';
  /** The end that refused; absent when accepted. */
  readonly rejectedBy?: Side;
  /**
   * Why, where the refusing end was observed: OpenSSL's verify name (`CERT_HAS_EXPIRED`; also `PERMITTED_VIOLATION` and others for which
   * Node only says `UNSPECIFIED`, where they can be determined for sure), the reason of its handshake error
   * (`NO_SHARED_CIPHER`), Node's `ERR_TLS_CERT_ALTNAME_INVALID`, or `APPLICATION_VERIFICATION` for a decision of the application's own: a `verifyPeer` callback, or a
   * `checkServerIdentity` whose error has no code.
   */
  readonly reason?: Reason | (string & {});
  /** More in words: the text that `verifyPeer` returned, or that the server had completed the handshake before it ended the connection. */
  readonly detail?: string;
  /** The fatal alert that was sent to the other end. */
  readonly alert?: Alert;
  /** How the verdict is known. */
  readonly evidence: Evidence;
}

/**
 * Decides from what the ends report. An end's word about its own decision outweighs what the other end made of it:
 * a refusal that was observed at its source, then a fatal alert, then a silent departure.
 */
export function judge({ server, client }: Ends): Judgement {
  const reports = [server, client].filter((report) => report !== undefined);
  return (
    firstOf(reports, refusedItself) ??
    firstOf(reports, wasAlerted) ??
    completed(server, client) ??
    firstOf(reports, wasLeft) ?? { verdict: 'rejected', evidence: 'closed' }
  );
}

function refusedItself({ side, outcome }: EndReport): Judgement | undefined {
  if (outcome.kind !== 'rejected') return undefined;
  const { reason, alert } = outcome;
  return {
    verdict: 'rejected',
    rejectedBy: side,
    reason,
    ...detailOf(outcome),
    ...(alert && { alert }),
    evidence: side === 'server' ? 'server-observed' : 'client-observed',
  };
}

function wasAlerted({ outcome }: EndReport): Judgement | undefined {
  if (outcome.kind !== 'alerted') return undefined;
  return {
    verdict: 'rejected',
    rejectedBy: outcome.alert.sentBy,
    ...detailOf(outcome),
    alert: outcome.alert,
    evidence: outcome.evidence ?? 'alert',
  };
}

/** With both ends observed the server's completion decides; a client that "completed" alone does not prove it in TLS 1.3 unless its evidence says so. */
function completed(server: EndReport | undefined, client: EndReport | undefined): Judgement | undefined {
  const decisive = server ?? client;
  if (decisive?.outcome.kind !== 'completed') return undefined;
  return { verdict: 'accepted', ...detailOf(decisive.outcome), evidence: server && client ? 'server-observed' : decisive.outcome.evidence };
}

function wasLeft({ side, outcome }: EndReport): Judgement | undefined {
  if (outcome.kind !== 'left') return undefined;
  return {
    verdict: 'rejected',
    rejectedBy: side === 'server' ? 'client' : 'server',
    ...detailOf(outcome),
    evidence: outcome.evidence ?? outcome.how,
  };
}

function detailOf({ detail }: { readonly detail?: string }): { readonly detail?: string } {
  return detail === undefined ? {} : { detail };
}

function firstOf(reports: readonly EndReport[], decide: (report: EndReport) => Judgement | undefined): Judgement | undefined {
  for (const report of reports) {
    const judgement = decide(report);
    if (judgement) return judgement;
  }
  return undefined;
}
