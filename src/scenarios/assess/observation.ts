import type { ClientFault } from '../../faults/client/client-fault.ts';
import type { ClientFlightFault } from '../../faults/flights/client/client-flight-fault.ts';
import type { ClientFaultOutcome } from '../../faults/client/client-fault-outcome.ts';
import type { FaultServer } from '../../faults/server/fault-server.ts';
import type { ServerFault } from '../../faults/server/server-fault.ts';
import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { HostCrossingTrial, PeerTrial, TwoCallsTrial } from '../catalogue/protocol-scenario.ts';
import type { ArrangedCredential } from '../catalogue/scenario.ts';
import type { Assessment } from '../records/scenario-result.ts';

/** What was seen of the end under test when a scenario, or a control, was run: facts that `assess/` compares with what is expected. */
export type Observation =
  | PresentedCredential
  | ProtocolHandshake
  | ConnectionCut
  | UserAttempt
  | CalledServer
  | CalledPeer
  | CalledFaultServer
  | CalledTwice
  | CalledRenegotiatingServer
  | SentClientFault
  | SentEditedFlight
  | Renegotiation
  | HostCrossing
  | HttpRequest
  | AnonymousResumption
  | NothingSeen;

/** What the presenter needs of a credential. */
export type PresentableCredential = Pick<ArrangedCredential, 'identity' | 'certificateMessage' | 'ciphers'>;

/** A server under test was presented a credential in a handshake of this library's own client. */
export interface PresentedCredential {
  readonly kind: 'presented-credential';
  readonly handshake: Handshake;
  readonly credential: PresentableCredential;
  readonly note?: string;
}

/** A handshake whose fault is not in a credential. */
export interface ProtocolHandshake {
  readonly kind: 'protocol-handshake';
  readonly handshake: Handshake;
}

/** A server ended the connection before it could judge, in a scenario whose row counts that as a refusal. */
export interface ConnectionCut {
  readonly kind: 'connection-cut';
  readonly handshake?: undefined;
  /** `refused without a byte`. */
  readonly how: string;
  /** The message of the error. */
  readonly detail: string;
}

/** An attempt of the user's own client library, of which only the result is known. */
export interface UserAttempt {
  readonly kind: 'user-attempt';
  readonly handshake?: undefined;
  readonly result: CallResult;
  /** Absent where no client certificate was presented. */
  readonly credential?: PresentableCredential;
  readonly note?: string;
}

/** A client under test called a server with the credential of a scenario. */
export interface CalledServer extends Call {
  readonly kind: 'called-server';
  readonly credential: ArrangedCredential;
}

/** A client under test called a server that is configured in an unusual way. */
export interface CalledPeer extends Call {
  readonly kind: 'called-peer';
  readonly trial: Pick<PeerTrial, 'judged' | 'presents'>;
  /** SHA-256 of the certificate that the client was given. */
  readonly ownFingerprint: string;
}

/** A client under test called one server twice: the second call, after the first was as it should be. */
export interface CalledTwice extends Call {
  readonly kind: 'called-twice';
  readonly trial: Pick<TwoCallsTrial, 'judged' | 'between'>;
  /** A request of the second call came over a connection of the first. */
  readonly reusedConnection: boolean;
  /** SHA-256 of the certificates that the client was given in the two calls. */
  readonly fingerprints: readonly [first: string, second: string];
}

/** A client under test called a server that renegotiated before it answered. */
export interface CalledRenegotiatingServer {
  readonly kind: 'called-renegotiating-server';
  readonly handshake?: undefined;
  readonly result: CallResult;
  readonly renegotiation: RenegotiationSeen;
}

/** What became of the renegotiation that a server began: `none` where no request came, `ignored` where the client did not react. */
export type RenegotiationSeen = 'none' | 'completed' | 'refused' | 'ignored';

/** A call of the client under test, and what its peer saw of it. */
interface Call {
  /** The last of `handshakes`. */
  readonly handshake?: Handshake;
  readonly handshakes: readonly Handshake[];
  readonly result: CallResult;
}

/** A client under test called a server that violates the protocol. */
export interface CalledFaultServer {
  readonly kind: 'called-fault-server';
  readonly handshake?: undefined;
  readonly fault: ServerFault;
  readonly result: CallResult;
  readonly tally: FaultTally;
}

/** What a fault server counted. */
export type FaultTally = Pick<FaultServer, 'connections' | 'clientHellos' | 'faultsShown' | 'plaintextConnections'> & Partial<FlightTally>;

/** What a fault server counts where one of its flights differs. */
type FlightTally = Pick<FaultServer, 'completedHandshakes' | 'applicationData' | 'alerts' | 'ownFailure'>;

/** A server under test met a client that violates the protocol, and then the valid client. */
export interface SentClientFault {
  readonly kind: 'sent-client-fault';
  /** Of the valid client, where it was refused afterwards. */
  readonly handshake?: Handshake | undefined;
  readonly fault: ClientFault;
  readonly outcome: ClientFaultOutcome;
  /** Milliseconds within which the server had to end the connection. */
  readonly timeout: number;
  /** Whether the same request of the valid client is answered, where that was tried. */
  readonly answersValid?: boolean;
  /** Why the valid client was refused afterwards; absent where it was accepted. */
  readonly validRefusedAfter?: string;
}

/** A client of one host of the server went over to another one. */
export interface HostCrossing {
  readonly kind: 'host-crossing';
  readonly handshake?: undefined;
  readonly by: HostCrossingTrial['by'];
  /** Whether it was served there. */
  readonly isAccepted: boolean;
  /** What the server did. */
  readonly detail: string;
}

/** A server under test met a handshake of which one message was edited, after the same handshake unedited was accepted. */
export interface SentEditedFlight {
  readonly kind: 'sent-edited-flight';
  readonly flight: ClientFlightFault;
  readonly outcome: ClientFaultOutcome;
  /** Whether the request after the unedited handshake was answered: where it was not, only an alert shows a refusal. */
  readonly isControlAnswered: boolean;
  /** Whether the server asked for the certificate in the unedited handshake. */
  readonly isControlAsked?: boolean;
  /** Milliseconds within which the server had to end the connection. */
  readonly timeout: number;
  /** Of the valid client, where it was refused afterwards. */
  readonly handshake?: Handshake | undefined;
  /** Why the valid client was refused afterwards; absent where it was accepted. */
  readonly validRefusedAfter?: string;
}

/** The client began a second handshake on its connection. */
export interface Renegotiation {
  readonly kind: 'renegotiation';
  readonly handshake?: undefined;
  readonly isAccepted: boolean;
  /** Why not. */
  readonly detail: string;
}

/** A request that followed the handshake at once. */
export interface HttpRequest {
  readonly kind: 'http-request';
  readonly handshake?: Handshake;
  readonly isServed: boolean;
  readonly detail: string;
}

/** A client without certificate, which the server accepts, resumed its session. */
export interface AnonymousResumption {
  readonly kind: 'anonymous-resumption';
  readonly handshake?: Handshake;
  /** Whether that gave it rights: `authorized` of its socket was true, or it was served and had not been before. */
  readonly isPromoted: boolean;
  /** What the two answers were; absent where `authorized` was watched. */
  readonly answers?: string;
}

/** The run ended before anything could be observed that depends on the fault: the assessment is the same whatever is expected. */
export interface NothingSeen {
  readonly kind: 'nothing-seen';
  readonly assessment: Assessment;
  readonly handshake?: Handshake | undefined;
}

/** The observation of a run that could not be carried out, or whose control failed. */
export function nothingSeen(assessment: Assessment, handshake?: Handshake): NothingSeen {
  return { kind: 'nothing-seen', assessment, handshake };
}

/** How a call of the user's code ended. */
export type CallResult = { readonly kind: 'resolved' } | { readonly kind: 'rejected'; readonly error: unknown } | { readonly kind: 'hung' };
