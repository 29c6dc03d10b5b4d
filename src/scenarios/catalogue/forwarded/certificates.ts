import type { ForwardedExchange, ForwardedScenario } from './forwarded-scenario.ts';
import { createPki, type Pki } from '../../../pki/pki.ts';
import { basicConstraints, extendedKeyUsage, keyUsage } from '../../../x509/extensions.ts';
import { day, hour } from '../../drafts/credential-draft.ts';
import type { CertificateEdit } from '../changes.ts';
import type { Cwe } from '../references.ts';
import { forApplications, request } from './forwarded-definition.ts';
import { hasCertificate } from './format-facts.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';
import { likeAuthorized } from './like-authorized.ts';

const faulty = { tier: 'core', needsUnverified: true, where: hasCertificate } as const;

/** Certificates that are not valid, passed on by a proxy that does not verify, or that says what is wrong. */
export const certificates = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      ...faulty,
      id: 'forwarded-certificate-expired',
      title: 'an expired certificate',
      differs: "the authorized client's certificate has expired",
      references: [{ rfc: 5280, section: '6.1.3(a)(2)' }],
      cwes: ['CWE-298'],
      severity: 'high',
      sends: (setup) => faultyAs(setup, { validity: { from: -2 * day, until: -hour } }, 'CERT_HAS_EXPIRED'),
    },
    {
      ...faulty,
      id: 'forwarded-certificate-not-yet-valid',
      title: 'a certificate that is not yet valid',
      differs: "the authorized client's certificate begins tomorrow",
      references: [{ rfc: 5280, section: '6.1.3(a)(2)' }],
      cwes: ['CWE-298'],
      severity: 'high',
      sends: (setup) => faultyAs(setup, { validity: { from: day, until: 2 * day } }, 'CERT_NOT_YET_VALID'),
    },
    {
      ...faulty,
      id: 'forwarded-certificate-of-impostor',
      title: 'a certificate of another CA with the same names',
      differs:
        'its issuers have the names of the trusted ones and other keys; subject and serial number are those of the authorized client',
      references: [{ rfc: 5280, section: '6.1' }],
      cves: ['CVE-2026-35616'],
      cwes: ['CWE-295', 'CWE-347'],
      severity: 'critical',
      sends: (setup) =>
        faultyAs(
          setup,
          (leaf) => {
            leaf.issuedBy = impostorOf(setup.pki).issuer;
            leaf.serialNumber = BigInt(`0x${setup.authorized.certificate.serialNumber}`);
          },
          'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        ),
    },
    {
      ...faulty,
      id: 'forwarded-certificate-of-other-ca',
      title: 'a certificate of a CA that is not trusted',
      differs: "a CA of the client's own has issued it, with the subject of the authorized client",
      references: [{ rfc: 5280, section: '6.1' }],
      cwes: ['CWE-296'],
      severity: 'critical',
      sends: (setup) => faultyAs(setup, { issuedBy: createPki().issuer }, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
    },
    {
      ...faulty,
      id: 'forwarded-certificate-self-signed',
      title: 'a self-signed certificate',
      differs: 'it signs itself, with the subject of the authorized client',
      references: [{ rfc: 5280, section: '6.1' }],
      cwes: ['CWE-296'],
      severity: 'critical',
      sends: (setup) => faultyAs(setup, { issuedBy: undefined }, 'DEPTH_ZERO_SELF_SIGNED_CERT'),
    },
    {
      ...faulty,
      id: 'forwarded-certificate-signature-forged',
      title: 'a certificate whose signature does not fit',
      differs: 'its subject was changed to that of the authorized client after it had been signed: the signature is of another one',
      references: [{ rfc: 5280, section: '6.1.3(a)(1)' }],
      cwes: ['CWE-347'],
      severity: 'critical',
      sends: (setup) => faultyAs(setup, { signed: ({ signature }) => ({ signature: flipped(signature) }) }, 'CERT_SIGNATURE_FAILURE'),
    },
    {
      ...faulty,
      id: 'forwarded-certificate-for-servers',
      title: 'a certificate for servers alone',
      differs: 'its extendedKeyUsage has serverAuth and not clientAuth',
      references: [{ rfc: 5280, section: '4.2.1.12' }],
      cwes: ['CWE-295'] as Cwe[],
      severity: 'high',
      sends: (setup) => faultyAs(setup, { extend: [extendedKeyUsage(['serverAuth'])] }, 'INVALID_PURPOSE'),
    },
    {
      ...faulty,
      id: 'forwarded-certificate-of-ca',
      title: 'the certificate of a CA as that of the client',
      differs: 'it is the certificate of a CA below the trusted one, with the subject of the authorized client',
      tier: 'extended',
      references: [
        { rfc: 5280, section: '4.2.1.9' },
        { document: 'X509-SVID', section: '5.2' },
      ],
      cwes: ['CWE-295'],
      severity: 'high',
      sends: (setup) =>
        faultyAs(
          setup,
          { extend: [basicConstraints({ ca: true }), keyUsage(['keyCertSign', 'cRLSign', 'digitalSignature'])] },
          'INVALID_PURPOSE',
        ),
    },
  );

/** The authorized peer's certificate with one fault, as a proxy writes it that says what is wrong where it can. */
function faultyAs(setup: ForwardedSetup, edit: CertificateEdit, verified: string): readonly ForwardedExchange[] {
  return [request(setup.lines(likeAuthorized(setup, edit), { verified }))];
}

/** Another PKI whose CAs have the same names, and as many of them. */
function impostorOf({ name, issuer }: Pki): Pki {
  let intermediates = 0;
  for (let next = issuer; next.parent; next = next.parent) intermediates += 1;
  return createPki({ name, intermediates });
}

function flipped(signature: Uint8Array): Uint8Array {
  const last = signature.length - 1;
  return signature.map((octet, at) => (at === last ? octet ^ 1 : octet));
}
