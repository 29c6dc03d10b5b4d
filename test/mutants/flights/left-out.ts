import type { ClientFlightFault } from '../../../src/faults/flights/client/client-flight-fault.ts';
import type { PeerCheck } from '../../../src/wire/engine/peer-check.ts';

/** What a server leaves out, and by which edited flights of clients that shows. */
export interface LeftOut {
  readonly mistake: string;
  readonly skipped: readonly [PeerCheck, ...PeerCheck[]];
  readonly caughtBy: readonly [ClientFlightFault, ...ClientFlightFault[]];
  /** Its flight has a CertificateRequest, and the rest of it does not know of that. */
  readonly asksOnly?: true;
  /** It takes certificates that are compressed with zlib. */
  readonly inflates?: true;
  /** It goes back to TLS 1.2 where the second ClientHello does. */
  readonly lowers?: true;
  /** It has TLS 1.3 beside TLS 1.2. */
  readonly hasTls13?: true;
}
