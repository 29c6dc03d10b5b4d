import { constants, sign } from 'node:crypto';
import { alterBody, signAs } from '../../../wire/engine/edits.ts';
import type { FlightContext, FlightEdit } from '../../../wire/engine/flight.ts';
import { type SignatureScheme, signatureSchemes } from '../../../wire/registry/names.ts';
import { encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';
import { requestedSchemes, unlessOffered } from './certificate-request.ts';
import { type EditedFlights, inBoth, inTls13 } from './edited-flight.ts';

/** The scheme that a CertificateVerify names: one that the server does not take, or another than it is signed with. */
export const signatureSchemeFlights = {
  'client-scheme-unknown': {
    shown: 'CertificateVerify (with a scheme that is not assigned)',
    edits: inBoth(signAs({ written: 0xfefe })),
  },
  'client-scheme-rsa-md5': {
    shown: 'CertificateVerify (signed with rsa_pkcs1_md5)',
    key: 'rsa-2048',
    edits: inBoth(signAs({ scheme: 'rsa_pkcs1_md5' })),
    unfit: unlessOffered('rsa_pkcs1_md5'),
  },
  'client-scheme-ecdsa-sha1': {
    shown: 'CertificateVerify (signed with ecdsa_sha1)',
    key: 'ec-p256',
    edits: inBoth(signAs({ scheme: 'ecdsa_sha1' })),
    // RFC 8446 4.4.3 forbids it in TLS 1.3 whatever is offered.
    unfit: (context) => (context.version === 'TLSv1.2' ? unlessOffered('ecdsa_sha1')(context) : undefined),
  },
  'client-scheme-pkcs1-in-tls13': {
    shown: 'CertificateVerify (signed with rsa_pkcs1_sha256)',
    key: 'rsa-2048',
    edits: inTls13(signAs({ scheme: 'rsa_pkcs1_sha256' })),
  },
  'client-scheme-of-another-key': {
    shown: 'CertificateVerify (names a scheme of RSA for its ECDSA signature)',
    key: 'ec-p256',
    edits: inBoth((messages, context) => signAs({ written: schemeOfRsa(context) ?? 'rsa_pss_rsae_sha256' })(messages, context)),
    unfit: (context) => (schemeOfRsa(context) === undefined ? 'it takes no signatures of RSA' : undefined),
  },
  'client-scheme-of-another-curve': {
    shown: 'CertificateVerify (signed with ecdsa_secp384r1_sha384 by a key on P-256)',
    key: 'ec-p256',
    edits: inTls13(signAs({ written: 'ecdsa_secp384r1_sha384', hash: 'sha384' })),
  },
  'client-scheme-of-another-rsa-key': {
    shown: 'CertificateVerify (names rsa_pss_pss_sha256 for a plain RSA key)',
    key: 'rsa-2048',
    edits: inBoth(signAs({ scheme: 'rsa_pss_rsae_sha256', written: 'rsa_pss_pss_sha256' })),
  },
  'client-signature-of-another-hash': {
    shown: 'CertificateVerify (signed with another hash than its scheme says)',
    key: 'ec-p256',
    edits: inBoth((messages, context) =>
      signAs({ hash: context.signatureScheme().endsWith('sha512') ? 'sha256' : 'sha512' })(messages, context),
    ),
  },
  'client-signature-pkcs1-as-pss': {
    shown: 'CertificateVerify (a PKCS#1 signature under the name rsa_pss_rsae_sha256)',
    key: 'rsa-2048',
    edits: inBoth(signAs({ scheme: 'rsa_pkcs1_sha256', written: 'rsa_pss_rsae_sha256' })),
    unfit: unlessPss,
  },
  'client-signature-pss-without-salt': {
    shown: 'CertificateVerify (an RSA-PSS signature without salt)',
    key: 'rsa-2048',
    edits: inBoth(withoutSalt()),
    unfit: unlessPss,
  },
} as const satisfies EditedFlights<string>;

/** The first scheme of an RSA key that the server takes. */
function schemeOfRsa(context: FlightContext): SignatureScheme | undefined {
  const requested = requestedSchemes(context) ?? [];
  const ofRsa = (['rsa_pss_rsae_sha256', 'rsa_pss_rsae_sha384', 'rsa_pkcs1_sha256'] as const).filter(
    (scheme) => context.version === 'TLSv1.2' || scheme !== 'rsa_pkcs1_sha256',
  );
  return ofRsa.find((scheme) => requested.includes(signatureSchemes[scheme]));
}

function unlessPss(context: FlightContext): string | undefined {
  const takesPss = requestedSchemes(context)?.includes(signatureSchemes.rsa_pss_rsae_sha256) === true;
  return takesPss ? undefined : 'it takes no signatures of rsa_pss_rsae_sha256';
}

/** RFC 8446 4.2.3: the salt is as long as the digest. */
function withoutSalt(): FlightEdit {
  return alterBody('certificate_verify', (body, { credential, signedContent }) => {
    if (!credential) return body; // there is no CertificateVerify without one
    const key = { key: credential.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 0 };
    const scheme = encodeUint(2, signatureSchemes.rsa_pss_rsae_sha256);
    return Buffer.concat([scheme, encodeVector(2, sign('sha256', signedContent(), key))]);
  });
}
