import type { PeerCertificate } from '../../../../x509/inspect-certificate.ts';
import { hasName } from '../chain-path.ts';
import type { Fault, Rows, VerifyRow } from '../reason-row.ts';
import type { KnownCrl, Refusal } from '../refusal.ts';
import { leafOf, listed, moment, quoted, titleOf } from '../wording.ts';

/** Reasons that come of the CRLs that one end checks. */
export const revocationReasons = {
  CERT_REVOKED: {
    words: 'certificate revoked',
    alert: 'certificate_revoked',
    faults: revoked,
    next: (refusal) => {
      const [fault] = revoked(refusal);
      return fault
        ? `${titleOf(fault.certificate, refusal)} (serial number ${fault.certificate.serialNumber}) is on the CRL of ${quoted(fault.certificate.issuer.text)}: issue another one, or give the ${refusal.judge} a CRL without it`
        : `${leafOf(refusal)}, or a CA above it, is on a CRL of the ${refusal.judge}: issue another one, or give the ${refusal.judge} a CRL without it`;
    },
  },
  UNABLE_TO_GET_CRL: {
    words: 'unable to get certificate CRL',
    alert: 'unknown_ca',
    faults: (refusal) => uncovered(refusal).map((certificate) => ({ certificate, mark: 'no CRL of its issuer' })),
    next: (refusal) => {
      const issuers = [...new Set(uncovered(refusal).map(({ issuer }) => quoted(issuer.text)))];
      const missing =
        issuers.length > 0 ? `no CRL of ${listed(issuers, 3)}` : `no CRL that covers every certificate in the chain of ${leafOf(refusal)}`;
      return `the ${refusal.judge} checks revocation and has ${missing}; Node requires one of every CA in the chain, the root's own included: pass crl: pki.crls()`;
    },
  },
  UNABLE_TO_GET_CRL_ISSUER: {
    words: 'unable to get CRL issuer certificate',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `the ${refusal.judge} does not have the certificate of the CA that issued a CRL for ${leafOf(refusal)}: pass CRLs of the CAs in the chain`,
  },
  CRL_HAS_EXPIRED: {
    words: 'CRL has expired',
    alert: 'certificate_expired',
    next: (refusal) => {
      const crl = refusal.crls?.find(({ nextUpdate }) => nextUpdate !== undefined && nextUpdate.getTime() < refusal.at);
      return `the CRL ${ofIssuer(crl)} that the ${refusal.judge} checks expired${crl?.nextUpdate ? ` at ${refusal.date(crl.nextUpdate)}` : ''}${moment(refusal)}, whatever the certificates say: issue a CRL with a later nextUpdate and give it to the ${refusal.judge}`;
    },
  },
  CRL_NOT_YET_VALID: {
    words: 'CRL is not yet valid',
    alert: 'bad_certificate',
    next: (refusal) => {
      const crl = refusal.crls?.find(({ thisUpdate }) => thisUpdate.getTime() > refusal.at);
      return `the CRL ${ofIssuer(crl)} that the ${refusal.judge} checks is valid only from ${crl ? refusal.date(crl.thisUpdate) : 'a later time'}${moment(refusal)}: issue a CRL with an earlier thisUpdate, or compare the clocks`;
    },
  },
  CRL_SIGNATURE_FAILURE: {
    words: 'CRL signature failure',
    alert: 'decrypt_error',
    next: (refusal) =>
      `the signature of a CRL that the ${refusal.judge} checks was not made with the key of the CA that it names (${crlIssuers(refusal)}): pass the CRL of that very CA`,
  },
  UNABLE_TO_DECRYPT_CRL_SIGNATURE: {
    words: "unable to decrypt CRL's signature",
    alert: 'decrypt_error',
    next: (refusal) =>
      `the signature of a CRL that the ${refusal.judge} checks (${crlIssuers(refusal)}) cannot be decrypted: issue the CRL anew`,
  },
  ERROR_IN_CRL_LAST_UPDATE_FIELD: {
    words: "format error in CRL's lastUpdate field",
    alert: 'bad_certificate',
    next: (refusal) => `the thisUpdate date of a CRL that the ${refusal.judge} checks is malformed: issue the CRL anew`,
  },
  ERROR_IN_CRL_NEXT_UPDATE_FIELD: {
    words: "format error in CRL's nextUpdate field",
    alert: 'bad_certificate',
    next: (refusal) => `the nextUpdate date of a CRL that the ${refusal.judge} checks is malformed: issue the CRL anew`,
  },
  UNHANDLED_CRITICAL_CRL_EXTENSION: {
    words: 'unhandled critical CRL extension',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `a CRL that the ${refusal.judge} checks, or an entry of it, has a critical extension that OpenSSL does not process: make it not critical, or leave it out`,
  },
  KEYUSAGE_NO_CRL_SIGN: {
    words: 'key usage does not include CRL signing',
    hidden: true,
    alert: 'certificate_unknown',
    faults: noCrlSigning,
    next: (refusal) => {
      const [fault] = noCrlSigning(refusal);
      return `${fault ? titleOf(fault.certificate, refusal) : `a CA above ${leafOf(refusal)}`} issued a CRL, but its keyUsage lacks cRLSign: add it to the CA's certificate`;
    },
  },
  DIFFERENT_CRL_SCOPE: {
    words: 'different CRL scope',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `a CRL that the ${refusal.judge} checks is for other certificates than ${leafOf(refusal)} (its issuingDistributionPoint): pass a CRL that covers it`,
  },
  CRL_PATH_VALIDATION_ERROR: {
    words: 'CRL path validation error',
    hidden: true,
    alert: 'certificate_unknown',
    next: (refusal) =>
      `the CA that issued a CRL that the ${refusal.judge} checks cannot be verified itself: pass CRLs of CAs that the ${refusal.judge} trusts`,
  },
} as const satisfies Rows<VerifyRow>;

function revoked({ path, crls = [] }: Refusal): readonly Fault[] {
  return path.certificates
    .filter((certificate) => crls.some((crl) => isOf(crl, certificate) && crl.revoked.has(certificate.serialNumber)))
    .map((certificate) => ({ certificate, mark: 'revoked' }));
}

/** Certificates for which no CRL of their issuer is there; none where the CRLs are not known. */
function uncovered({ path, crls }: Refusal): readonly PeerCertificate[] {
  return crls === undefined ? [] : path.certificates.filter((certificate) => !crls.some((crl) => isOf(crl, certificate)));
}

function isOf(crl: KnownCrl, certificate: PeerCertificate): boolean {
  return hasName({ ...certificate, subject: certificate.issuer }, crl.issuer);
}

function noCrlSigning({ path }: Refusal): readonly Fault[] {
  return path.certificates
    .filter(({ keyUsage }, depth) => depth > 0 && keyUsage?.includes('cRLSign') === false)
    .map((certificate) => ({ certificate, mark: 'may not sign CRLs' }));
}

function ofIssuer(crl: KnownCrl | undefined): string {
  return crl ? `of ${quoted(crl.issuer)}` : 'of a CA';
}

function crlIssuers({ crls = [] }: Refusal): string {
  return (
    listed(
      crls.map(({ issuer }) => quoted(issuer)),
      2,
    ) || 'its issuer'
  );
}
