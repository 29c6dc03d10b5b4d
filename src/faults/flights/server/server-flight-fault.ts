import type { EngineVersion } from '../../../wire/engine/engine-version.ts';

/** The one way in which the flight of a server differs from the one that a conforming server would send. */
export type ServerFlightFault =
  | 'certificate-empty'
  | 'certificate-left-out'
  | 'certificate-list-too-long'
  | 'certificate-trailing-octet'
  | 'certificate-context-set'
  | 'certificate-unsolicited-extension'
  | 'certificate-verify-left-out'
  | 'certificate-verify-sha1'
  | 'certificate-verify-pkcs1'
  | 'certificate-verify-other-curve'
  | 'certificate-verify-other-key-type'
  | 'certificate-verify-truncated'
  | 'certificate-verify-length-too-long'
  | 'certificate-verify-empty-signature'
  | 'certificate-verify-other-transcript'
  | 'certificate-verify-client-context'
  | 'finished-alone'
  | 'compressed-certificate-not-offered'
  | 'compressed-certificate-wrong-length'
  | 'compressed-certificate-too-large'
  | 'certificate-request-twice'
  | 'certificate-request-misplaced'
  | 'certificate-request-without-signature-algorithms'
  | 'certificate-request-empty-authorities'
  | 'certificate-request-unknown-extension'
  | 'encrypted-extensions-left-out'
  | 'encrypted-extensions-empty-message'
  | 'encrypted-extensions-unsolicited'
  | 'encrypted-extensions-with-server-hello'
  | 'hello-cipher-suite-not-offered'
  | 'hello-group-not-offered'
  | 'hello-session-id-not-echoed'
  | 'hello-compression'
  | 'hello-unsolicited-extension'
  | 'hello-twice'
  | 'hello-retry-request-twice'
  | 'hello-retry-request-unchanged'
  | 'hello-retry-request-group-not-offered'
  | 'hello-wrong-renegotiation-info'
  | 'key-exchange-left-out'
  | 'key-exchange-unsigned'
  | 'key-exchange-md5'
  | 'key-exchange-signature-of-other-key-type'
  | 'key-exchange-signature-truncated'
  | 'key-exchange-other-randoms'
  | 'key-exchange-curve-not-offered'
  | 'change-cipher-spec-early'
  | 'finished-in-the-clear'
  | 'hello-done-with-content'
  | 'certificate-in-resumption'
  | 'certificate-request-in-resumption';

const both = ['TLSv1.3', 'TLSv1.2'] as const;
const tls13 = ['TLSv1.3'] as const;
const tls12 = ['TLSv1.2'] as const;

/** The versions of TLS in which each fault of a server's flight can be shown. */
const versionsOf = {
  'certificate-empty': both,
  'certificate-left-out': both,
  'certificate-list-too-long': both,
  'certificate-trailing-octet': both,
  'certificate-context-set': tls13,
  'certificate-unsolicited-extension': tls13,
  'certificate-verify-left-out': tls13,
  'certificate-verify-sha1': tls13,
  'certificate-verify-pkcs1': tls13,
  'certificate-verify-other-curve': tls13,
  'certificate-verify-other-key-type': tls13,
  'certificate-verify-truncated': tls13,
  'certificate-verify-length-too-long': tls13,
  'certificate-verify-empty-signature': tls13,
  'certificate-verify-other-transcript': tls13,
  'certificate-verify-client-context': tls13,
  'finished-alone': tls13,
  'compressed-certificate-not-offered': tls13,
  'compressed-certificate-wrong-length': tls13,
  'compressed-certificate-too-large': tls13,
  'certificate-request-twice': both,
  'certificate-request-misplaced': both,
  'certificate-request-without-signature-algorithms': both,
  'certificate-request-empty-authorities': tls13,
  'certificate-request-unknown-extension': tls13,
  'encrypted-extensions-left-out': tls13,
  'encrypted-extensions-empty-message': tls13,
  'encrypted-extensions-unsolicited': tls13,
  'encrypted-extensions-with-server-hello': tls13,
  'hello-cipher-suite-not-offered': both,
  'hello-group-not-offered': tls13,
  'hello-session-id-not-echoed': tls13,
  'hello-compression': both,
  'hello-unsolicited-extension': both,
  'hello-twice': tls12,
  'hello-retry-request-twice': tls13,
  'hello-retry-request-unchanged': tls13,
  'hello-retry-request-group-not-offered': tls13,
  'hello-wrong-renegotiation-info': tls12,
  'key-exchange-left-out': tls12,
  'key-exchange-unsigned': tls12,
  'key-exchange-md5': tls12,
  'key-exchange-signature-of-other-key-type': tls12,
  'key-exchange-signature-truncated': tls12,
  'key-exchange-other-randoms': tls12,
  'key-exchange-curve-not-offered': tls12,
  'change-cipher-spec-early': tls12,
  'finished-in-the-clear': tls12,
  'hello-done-with-content': tls12,
  'certificate-in-resumption': tls13,
  'certificate-request-in-resumption': tls13,
} as const satisfies Readonly<Record<ServerFlightFault, readonly EngineVersion[]>>;

/** The versions of TLS in which a fault can be shown. */
export type VersionOf<Fault extends ServerFlightFault> = (typeof versionsOf)[Fault][number];

/** Every fault of a server's flight. */
export const serverFlightFaults: readonly ServerFlightFault[] = Object.freeze(Object.keys(versionsOf) as ServerFlightFault[]); // the keys of that record

/** The versions of TLS in which a fault can be shown, the later one first. */
export function versionsOfFlight(fault: ServerFlightFault): readonly EngineVersion[] {
  return versionsOf[fault];
}

/** The kind of key that a fault's signature is made with, where it is not any: the identity of its server has to have one. */
export function keyTypeFor(fault: ServerFlightFault): 'rsa' | 'p256' | undefined {
  if (fault === 'certificate-verify-pkcs1') return 'rsa';
  return fault === 'certificate-verify-other-curve' || fault === 'certificate-verify-sha1' ? 'p256' : undefined;
}

/** Whether a fault is in a handshake that resumes a session: a client meets it in its second connection. */
export function needsSession(fault: ServerFlightFault): boolean {
  return fault === 'certificate-in-resumption' || fault === 'certificate-request-in-resumption';
}

/** Whether a fault is in a flight that follows the client's Finished, which then says nothing about it. */
export function followsClientFinished(fault: ServerFlightFault): boolean {
  return fault === 'finished-in-the-clear';
}
