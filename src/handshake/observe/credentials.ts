import type { VerifyContext } from '../verdict/verify-context.ts';
import type { ObserverPolicy } from './observer-policy.ts';

/** What is known of what a server presents and verifies by, for connections to come. */
export interface Credentials {
  /** PEM of the anchors that a client of this server trusts by default. */
  anchors: string | undefined;
  /** DER of what every connection is shown, the leaf first; undefined where only the TLS engine knows. */
  presented: readonly Uint8Array[] | undefined;
  /** DER to put into the Certificate message in place of the server's own, the leaf first. */
  certificateMessage: readonly Uint8Array[] | undefined;
  /** How clients are verified; 'various' where that depends on the name they ask for, undefined where it is not known. */
  verifyContext: VerifyContext | 'various' | undefined;
  /** The same for names, in lower case, whose contexts the server's own code chooses, where that is known. */
  namedContexts?: ReadonlyMap<string, VerifyContext> | undefined;
}

/** How a server decides, whatever it presents. */
export type Decisions = Omit<ObserverPolicy, keyof Credentials | 'namedContext'>;

/** The policy with these credentials, as they are when it is asked. */
export function policyWith(decisions: Decisions, credentials: Credentials): ObserverPolicy {
  return {
    ...decisions,
    presented: () => credentials.presented,
    certificateMessage: () => credentials.certificateMessage,
    anchors: () => credentials.anchors,
    namedContext: (servername) => credentials.namedContexts?.get(servername?.toLowerCase() ?? ''),
    verifyContext: () => (credentials.verifyContext === 'various' ? undefined : credentials.verifyContext),
  };
}
