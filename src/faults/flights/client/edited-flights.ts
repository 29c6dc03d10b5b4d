import { certificateEncoding } from './certificate-encoding.ts';
import type { ClientFlightFault } from './client-flight-fault.ts';
import { compressedCertificate } from './compressed-certificate.ts';
import type { EditedFlights } from './edited-flight.ts';
import { finished } from './finished.ts';
import { loweredVersion } from './lowered-version.ts';
import { messageOrder } from './message-order.ts';
import { rawPublicKeys } from './raw-public-key.ts';
import { resumption } from './resumption.ts';
import { secondHello } from './second-hello.ts';
import { signatureSchemeFlights } from './signature-schemes.ts';
import { signatures } from './signatures.ts';

/** Every edited flight of a client. */
export const editedFlights: EditedFlights<ClientFlightFault> = {
  ...messageOrder,
  ...signatureSchemeFlights,
  ...signatures,
  ...certificateEncoding,
  ...compressedCertificate,
  ...rawPublicKeys,
  ...finished,
  ...secondHello,
  ...loweredVersion,
  ...resumption,
};
