import { type Der, element, generalizedTime, sequence, utcTime } from '../../../../asn1/der-writer.ts';
import { encodeTime, type Validity } from '../../../../x509/validity.ts';
import { day, hour, type Period } from '../../../drafts/credential-draft.ts';
import { all, intermediate, leaf, onTheWire, root } from '../../changes.ts';
import { type CredentialTable, type Change, refused, rejected } from '../../credential-definition.ts';
import { forStacks } from '../../divergences.ts';
import { ownAnchor, ownIssuer } from '../issuers/hierarchy.ts';

/** When the certificates are valid, and how that is encoded. */
export const timeCredentials: CredentialTable = () => [
  {
    id: 'expired-leaf',
    title: 'an expired leaf',
    group: 'time',
    differs: 'notAfter of the leaf was two days ago',
    references: [
      { rfc: 5280, section: '4.1.2.5' },
      { rfc: 5280, section: '6.1.3(a)(2)' },
    ],
    cwes: ['CWE-298'],
    severity: 'high',
    tier: 'core',
    expected: rejected('CERT_HAS_EXPIRED'),
    fault: leaf({ validity: past }),
  },
  {
    id: 'expired-leaf-1s',
    title: 'a leaf that has just expired',
    group: 'time',
    differs: 'notAfter of the leaf was one second ago; a clock that is behind does not notice',
    references: [{ rfc: 5280, section: '4.1.2.5' }],
    cwes: ['CWE-298'],
    severity: 'low',
    tier: 'varies',
    expected: rejected('CERT_HAS_EXPIRED'),
    fault: leaf({ validity: { from: -hour, until: -1000 } }),
  },
  {
    id: 'not-yet-valid-leaf',
    title: 'a leaf that is not valid yet',
    group: 'time',
    differs: 'notBefore of the leaf is in two days',
    references: [{ rfc: 5280, section: '4.1.2.5' }],
    cwes: ['CWE-295'],
    severity: 'medium',
    tier: 'core',
    expected: rejected('CERT_NOT_YET_VALID'),
    fault: leaf({ validity: future }),
  },
  {
    id: 'validity-inverted',
    title: 'a leaf whose notAfter is before its notBefore',
    group: 'time',
    differs: 'notBefore and notAfter of the leaf are exchanged: notBefore is in three days, notAfter was two days ago',
    references: [{ rfc: 5280, section: '4.1.2.5' }],
    cwes: ['CWE-298'],
    severity: 'medium',
    tier: 'core',
    expected: rejected('CERT_HAS_EXPIRED'),
    valid: leaf({ validity: { from: -2 * day, until: 3 * day } }),
    fault: leaf((it) => {
      const { notBefore, notAfter } = it.validity;
      it.validity = { notBefore: notAfter, notAfter: notBefore };
    }),
  },
  {
    id: 'validity-generalizedtime-before-2050',
    title: 'a date before 2050 as GeneralizedTime',
    group: 'time',
    differs: 'notBefore and notAfter of the leaf are GeneralizedTime, with the same dates',
    references: [{ rfc: 5280, section: '4.1.2.5', note: 'must be UTCTime' }],
    severity: 'low',
    tier: 'extended',
    expected: refused,
    client: { divergences: forStacks(['node', 'openssl', 'openssl-strict', 'gnutls', 'go', 'java'], 'accepted') },
    server: { divergences: forStacks(['node', 'openssl', 'openssl-strict', 'gnutls', 'go', 'java', 'deno', 'curl'], 'accepted') },
    fault: written(({ notBefore, notAfter }) => [generalizedTime(notBefore), generalizedTime(notAfter)]),
  },
  {
    id: 'validity-generalizedtime-2050',
    title: 'a leaf that is valid beyond 2049',
    group: 'time',
    differs: 'notAfter of the leaf is in 2051, as GeneralizedTime',
    references: [{ rfc: 5280, section: '4.1.2.5' }],
    tier: 'control',
    fault: until('2051-01-01T00:00:00Z'),
  },
  {
    id: 'validity-no-expiry-99991231',
    title: 'a leaf that does not expire',
    group: 'time',
    differs: 'notAfter of the leaf is 99991231235959Z, which means no expiry',
    references: [{ rfc: 5280, section: '4.1.2.5' }],
    tier: 'control',
    fault: until('9999-12-31T23:59:59Z'),
  },
  {
    id: 'validity-utctime-no-seconds',
    title: 'a UTCTime without seconds',
    group: 'time',
    differs: 'notBefore of the leaf is a UTCTime without seconds',
    references: [{ rfc: 5280, section: '4.1.2.5.1', note: 'must include seconds' }],
    severity: 'low',
    tier: 'extended',
    client: { expected: rejected('UTCTIME_IS_TOO_SHORT', 'decode_error') },
    server: { expected: rejected('UTCTIME_IS_TOO_SHORT', 'bad_certificate') },
    divergences: { gnutls: 'accepted', go: 'accepted', java: 'accepted' },
    fault: all(
      onTheWire,
      written(({ notBefore, notAfter }) => [rewritten(utcTime(notBefore), /\d\dZ$/u, 'Z'), encodeTime(notAfter)]),
    ),
  },
  {
    id: 'validity-utctime-offset',
    title: 'a UTCTime with an offset',
    group: 'time',
    differs: 'notBefore of the leaf is a UTCTime that ends in +0000',
    references: [{ rfc: 5280, section: '4.1.2.5.1', note: 'must be Z' }],
    severity: 'low',
    tier: 'extended',
    expected: rejected('ERROR_IN_CERT_NOT_BEFORE_FIELD'),
    divergences: { java: 'accepted' },
    fault: written(({ notBefore, notAfter }) => [rewritten(utcTime(notBefore), /Z$/u, '+0000'), encodeTime(notAfter)]),
  },
  {
    id: 'validity-generalizedtime-fraction',
    title: 'a GeneralizedTime with a fraction of a second',
    group: 'time',
    differs: 'notAfter of the leaf, in 2051, has half a second',
    references: [{ rfc: 5280, section: '4.1.2.5.2', note: 'must not' }],
    severity: 'low',
    tier: 'extended',
    expected: rejected('ERROR_IN_CERT_NOT_AFTER_FIELD'),
    divergences: { java: 'accepted' },
    valid: until('2051-01-01T00:00:00Z'),
    fault: written(({ notBefore, notAfter }) => [encodeTime(notBefore), rewritten(generalizedTime(notAfter), /Z$/u, '.5Z')]),
  },
  {
    id: 'validity-malformed-date',
    title: 'a date that does not exist',
    group: 'time',
    differs: 'notAfter of the leaf is in the month 13 of the year 2049',
    references: [{ rfc: 5280, section: '4.1.2.5' }],
    severity: 'low',
    tier: 'core',
    expected: rejected('ERROR_IN_CERT_NOT_AFTER_FIELD'),
    valid: until('2049-12-01T00:00:00Z'),
    fault: written(({ notBefore, notAfter }) => [encodeTime(notBefore), rewritten(utcTime(notAfter), /^4912/u, '4913')]),
  },
  {
    id: 'validity-lifetime-100y',
    title: 'a leaf that is valid for a century',
    group: 'time',
    differs: 'notAfter of the leaf is a hundred years after notBefore',
    references: [{ rfc: 5280, section: '4.1.2.5', note: 'no limit' }],
    tier: 'control',
    fault: leaf((it) => {
      const { notBefore } = it.validity;
      const notAfter = new Date(notBefore);
      notAfter.setUTCFullYear(notBefore.getUTCFullYear() + 100);
      it.validity = { notBefore, notAfter };
    }),
  },
  {
    id: 'expired-intermediate',
    title: 'an expired issuing CA',
    group: 'time',
    differs: 'notAfter of the issuing CA was two days ago; leaf and root are valid',
    references: [{ rfc: 5280, section: '6.1.3(a)(2)' }],
    cwes: ['CWE-298'],
    severity: 'high',
    tier: 'core',
    expected: rejected('CERT_HAS_EXPIRED'),
    valid: ownIssuer,
    fault: intermediate({ validity: past }),
  },
  {
    id: 'not-yet-valid-intermediate',
    title: 'an issuing CA that is not valid yet',
    group: 'time',
    differs: 'notBefore of the issuing CA is in two days; leaf and root are valid',
    references: [{ rfc: 5280, section: '6.1.3(a)(2)' }],
    cwes: ['CWE-295'],
    severity: 'medium',
    tier: 'core',
    expected: rejected('CERT_NOT_YET_VALID'),
    valid: ownIssuer,
    fault: intermediate({ validity: future }),
  },
  {
    id: 'expired-root',
    title: 'an expired trust anchor',
    group: 'time',
    differs: 'notAfter of the root was two days ago; leaf and issuing CA are valid',
    references: [{ rfc: 5280, section: '6.1.1(d)', note: 'an anchor has no dates to check' }],
    cwes: ['CWE-298'],
    severity: 'low',
    tier: 'extended',
    expected: rejected('CERT_HAS_EXPIRED'),
    client: { divergences: { java: 'accepted' } },
    server: { divergences: { java: 'accepted', deno: 'accepted' } },
    valid: ownAnchor,
    fault: root({ validity: past }),
  },
  {
    id: 'leaf-outlives-issuer',
    title: 'a leaf that expires after its issuer',
    group: 'time',
    differs: 'notAfter of the issuing CA is in an hour, that of the leaf in a day',
    references: [{ rfc: 5280, section: '6.1', note: 'validity need not nest' }],
    tier: 'control',
    valid: ownIssuer,
    fault: intermediate({ validity: { from: -hour, until: hour } }),
  },
];

/** The leaf is valid until an instant, encoded as its year requires. */
function until(instant: string): Change {
  return leaf((it) => {
    it.validity = { notBefore: it.validity.notBefore, notAfter: new Date(instant) };
  });
}

/** The two times of the leaf are written in another way. */
function written(times: (validity: Validity) => readonly [notBefore: Der, notAfter: Der]): Change {
  return leaf((it) => {
    it.fields = () => ({ validity: sequence(...times(it.validity)) });
  });
}

/** The same type with other text. */
function rewritten(time: Der, pattern: RegExp, replacement: string): Der {
  const [tag = 0, , ...text] = time; // shorter than 128 octets: its length is one octet
  return element(tag, Buffer.from(Buffer.from(text).toString('latin1').replace(pattern, replacement), 'latin1'));
}

/** Over for two days: stacks may allow for clocks that differ, NSS by 24 hours (PENDING_SLOP in its certdb.c). */
const past: Period = { from: -4 * day, until: -2 * day };
/** Begins in two days. */
const future: Period = { from: 2 * day, until: 4 * day };
