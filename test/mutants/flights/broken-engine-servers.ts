import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { insertAfter, insertBefore } from '../../../src/wire/engine/edits.ts';
import type { FlightEdits, FlightMessage } from '../../../src/wire/engine/flight.ts';
import { extensionType } from '../../../src/wire/registry/extension-types.ts';
import { signatureSchemes } from '../../../src/wire/registry/names.ts';
import { encodeExtension, encodeUint, encodeVector } from '../../../src/wire/tls-encoding.ts';
import type { HandshakeServer, Mutant } from '../mutant.ts';
import { engineServer } from './engine-server.ts';
import type { LeftOut } from './left-out.ts';
import { leftOutInTls12 } from './left-out-tls12.ts';
import { leftOutInTls13 } from './left-out-tls13.ts';

/** Servers of the engine for tests that each leave out what a server has to check. */
export const brokenEngineServers: readonly Mutant<HandshakeServer>[] = [
  ...leftOutInTls13.map((leftOut) => mutant('TLSv1.3', leftOut)),
  ...leftOutInTls12.map((leftOut) => mutant('TLSv1.2', leftOut)),
];

function mutant(
  version: TlsVersion,
  { mistake, skipped, caughtBy, asksOnly, inflates, lowers, hasTls13 }: LeftOut,
): Mutant<HandshakeServer> {
  return {
    name: `${version} ${asksOnly ? 'that asks only, ' : ''}${inflates ? 'that inflates, ' : ''}${lowers ? 'that goes back to TLSv1.2, ' : ''}without ${skipped.join(', ')}`,
    mistake,
    caughtBy,
    versions: [version],
    isNarrow: true,
    ...engineServer({
      version,
      skipped,
      ...(hasTls13 && { hasTls13 }),
      ...(lowers && { lowers }),
      ...(inflates && { certificateCompression: ['zlib'] }),
      ...(asksOnly && { requestCertificate: false, requireCertificate: false, edits: asking(version) }),
    }),
  };
}

/** A CertificateRequest in the server's flight: for signatures of ecdsa_secp256r1_sha256 and rsa_pss_rsae_sha256. */
function asking(version: TlsVersion): FlightEdits {
  const schemes = encodeVector(
    2,
    encodeUint(2, signatureSchemes.ecdsa_secp256r1_sha256),
    encodeUint(2, signatureSchemes.rsa_pss_rsae_sha256),
  );
  const in13 = Buffer.concat([encodeVector(1), encodeVector(2, encodeExtension(extensionType.signature_algorithms, schemes))]);
  const in12 = Buffer.concat([encodeVector(1, Uint8Array.of(64)), schemes, encodeVector(2)]); // ecdsa_sign, and no names of authorities
  const request = (body: Buffer): FlightMessage => ({ name: 'certificate_request', body: () => body });
  return version === 'TLSv1.3'
    ? { server: insertAfter('encrypted_extensions', request(in13)) }
    : { server: insertBefore('server_hello_done', request(in12)) };
}
