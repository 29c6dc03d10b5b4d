import { contextPrimitive, nullValue, sequence } from '../../../../asn1/der-writer.ts';
import { generateKey } from '../../../../pki/key-algorithm.ts';
import { type Extension, keyUsage } from '../../../../x509/extensions.ts';
import { signerFor } from '../../../../x509/signature.ts';
import { day, fromNow } from '../../../drafts/credential-draft.ts';
import { intermediate } from '../../changes.ts';
import { type CredentialTable, rejected } from '../../credential-definition.ts';
import { checked, issuerList, outdated, withoutIssuerList, withoutRootList } from './revocation-changes.ts';

/** CRLs that cannot be used, or are missing: they list nobody, so that whoever uses them all the same accepts. */
export const revocationListsCredentials: CredentialTable = () => [
  {
    id: 'crl-missing-issuer-crl',
    title: 'no CRL of the issuing CA',
    group: 'revocation',
    reference: 'RFC 5280 6.3.3 (UNDETERMINED)',
    differs: 'there is a CRL of the root, and none of the issuing CA',
    tier: 'varies',
    expected: rejected('UNABLE_TO_GET_CRL'),
    client: { divergent: 'gnutls go' },
    server: { divergent: 'gnutls go deno' },
    valid: checked,
    fault: withoutIssuerList,
  },
  {
    id: 'crl-missing-root-crl',
    title: 'no CRL of the root',
    group: 'revocation',
    reference: 'RFC 5280 6.3.3 (UNDETERMINED)',
    differs: 'there is a CRL of the issuing CA, and none of the root; Node.js wants one of every CA',
    tier: 'varies',
    expected: rejected('UNABLE_TO_GET_CRL'),
    client: { divergent: 'gnutls go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: withoutRootList,
  },
  {
    id: 'crl-expired',
    title: 'an outdated CRL',
    group: 'revocation',
    reference: 'RFC 5280 5.1.2.5, 6.3.3',
    differs: 'nextUpdate in the CRL of the issuing CA was two days ago; it lists nobody',
    tier: 'varies',
    expected: rejected('CRL_HAS_EXPIRED'),
    client: { divergent: 'gnutls go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: outdated,
  },
  {
    id: 'crl-not-yet-valid',
    title: 'a CRL of the future',
    group: 'revocation',
    reference: 'RFC 5280 5.1.2.4',
    differs: 'thisUpdate in the CRL of the issuing CA is in two days; it lists nobody',
    tier: 'varies',
    expected: rejected('CRL_NOT_YET_VALID'),
    client: { divergent: 'gnutls go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: issuerList((list) => {
      list.thisUpdate = fromNow(2 * day);
      list.nextUpdate = fromNow(4 * day);
    }),
  },
  {
    id: 'crl-bad-signature',
    title: 'a CRL that another key has signed',
    group: 'revocation',
    reference: 'RFC 5280 6.3.3(g)',
    differs: 'the CRL of the issuing CA is signed with a key that is not its own; it lists nobody',
    tier: 'extended',
    expected: rejected('CRL_SIGNATURE_FAILURE'),
    client: { divergent: 'gnutls go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: issuerList((list) => {
      list.signer = () => signerFor(generateKey('ec-p256'));
    }),
  },
  {
    id: 'crl-unknown-critical-extension',
    title: 'a CRL with a critical extension that nobody knows',
    group: 'revocation',
    reference: 'RFC 5280 5.2',
    differs: 'the CRL of the issuing CA has a critical extension of an unknown type; it lists nobody',
    tier: 'extended',
    expected: rejected('UNHANDLED_CRITICAL_CRL_EXTENSION'),
    client: { divergent: 'gnutls go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: issuerList((list) => {
      list.extensions.push({ oid: unknownExtension, critical: true, value: nullValue() });
    }),
  },
  {
    id: 'crl-idp-only-ca-certs',
    title: 'a CRL that covers CAs only, where one for leaves is wanted',
    group: 'revocation',
    reference: 'RFC 5280 5.2.5, 6.3.3(b)(2)',
    differs: 'the CRL of the issuing CA says by its issuingDistributionPoint that it lists CAs only; it lists nobody',
    tier: 'extended',
    expected: rejected('UNABLE_TO_GET_CRL'),
    client: { divergent: 'gnutls go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: issuerList((list) => {
      list.extensions.push(onlyCas);
    }),
  },
  {
    id: 'crl-no-nextupdate',
    title: 'a CRL without nextUpdate',
    group: 'revocation',
    reference: 'RFC 5280 5.1.2.5 (must have it)',
    differs: 'the CRL of the issuing CA has no nextUpdate; it lists nobody',
    tier: 'varies',
    divergent: 'java',
    valid: checked,
    fault: issuerList((list) => {
      list.nextUpdate = undefined;
    }),
  },
  {
    id: 'crl-issuer-missing-crlsign',
    title: 'a CRL by a CA that may not sign CRLs',
    group: 'revocation',
    reference: 'RFC 5280 6.3.3(f)',
    differs: 'keyUsage of the issuing CA lacks cRLSign; its CRL lists nobody',
    tier: 'extended',
    expected: rejected('KEYUSAGE_NO_CRL_SIGN'),
    client: { divergent: 'gnutls go' },
    server: { divergent: 'go deno' },
    valid: checked,
    fault: intermediate((it) => {
      it.extend(keyUsage(['keyCertSign']));
    }),
  },
];

/** issuingDistributionPoint with onlyContainsCACerts (RFC 5280 5.2.5). */
const onlyCas: Extension = { oid: '2.5.29.28', critical: true, value: sequence(contextPrimitive(2, Uint8Array.of(0xff))) };
/** Below the private enterprise number that IANA keeps for examples. */
const unknownExtension = '1.3.6.1.4.1.32473.1';
