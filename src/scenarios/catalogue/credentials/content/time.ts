import { type Der, element, generalizedTime, sequence, utcTime } from '../../../../asn1/der-writer.ts';
import { encodeTime, type Validity } from '../../../../x509/validity.ts';
import { day, fromNow, hour, validFor } from '../../../drafts/credential-draft.ts';
import { all, intermediate, leaf, onTheWire, root, unchanged } from '../../changes.ts';
import { type CredentialTable, type Change, refused, rejected } from '../../credential-definition.ts';
import { ownIssuer } from '../issuers/hierarchy.ts';

/** When the certificates count, and how that is written. */
export const timeCredentials: CredentialTable = () => [
  {
    id: 'expired-leaf',
    title: 'an expired leaf',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5, 6.1.3(a)(2)',
    differs: 'notAfter of the leaf was two days ago',
    tier: 'core',
    expected: rejected('CERT_HAS_EXPIRED'),
    fault: leaf((it) => {
      it.validity = past();
    }),
  },
  {
    id: 'expired-leaf-1s',
    title: 'a leaf that has just expired',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5',
    differs: 'notAfter of the leaf was one second ago; a clock that is behind does not notice',
    tier: 'varies',
    expected: rejected('CERT_HAS_EXPIRED'),
    fault: leaf((it) => {
      it.validity = validFor(-1000);
    }),
  },
  {
    id: 'not-yet-valid-leaf',
    title: 'a leaf that is not valid yet',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5',
    differs: 'notBefore of the leaf is in two days',
    tier: 'core',
    expected: rejected('CERT_NOT_YET_VALID'),
    fault: leaf((it) => {
      it.validity = future();
    }),
  },
  {
    id: 'validity-inverted',
    title: 'a leaf that ends before it begins',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5',
    differs: 'notBefore and notAfter of the leaf have changed places: valid from in three days until two days ago',
    tier: 'core',
    expected: rejected('CERT_HAS_EXPIRED'),
    valid: leaf((it) => {
      it.validity = { notBefore: fromNow(-2 * day), notAfter: fromNow(3 * day) };
    }),
    fault: leaf((it) => {
      const { notBefore, notAfter } = it.validity;
      it.validity = { notBefore: notAfter, notAfter: notBefore };
    }),
  },
  {
    id: 'validity-generalizedtime-before-2050',
    title: 'a date before 2050 as GeneralizedTime',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5 (must be UTCTime)',
    differs: 'notBefore and notAfter of the leaf are GeneralizedTime, with the same dates',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls go java' },
    server: { divergent: 'node openssl openssl-strict gnutls go java deno curl' },
    fault: written(({ notBefore, notAfter }) => [generalizedTime(notBefore), generalizedTime(notAfter)]),
  },
  {
    id: 'validity-generalizedtime-2050',
    title: 'a leaf that is valid beyond 2049',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5',
    differs: 'notAfter of the leaf is in 2051, as GeneralizedTime',
    tier: 'control',
    fault: until('2051-01-01T00:00:00Z'),
  },
  {
    id: 'validity-no-expiry-99991231',
    title: 'a leaf that does not expire',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5',
    differs: 'notAfter of the leaf is 99991231235959Z, which stands for no expiry',
    tier: 'control',
    fault: until('9999-12-31T23:59:59Z'),
  },
  {
    id: 'validity-utctime-no-seconds',
    title: 'a UTCTime without seconds',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5.1 (must include seconds)',
    differs: 'notBefore of the leaf is a UTCTime without seconds',
    tier: 'extended',
    client: { expected: rejected('UTCTIME_IS_TOO_SHORT', 'decode_error') },
    server: { expected: rejected('UTCTIME_IS_TOO_SHORT', 'bad_certificate') },
    divergent: 'gnutls go java',
    fault: all(
      onTheWire,
      written(({ notBefore, notAfter }) => [rewritten(utcTime(notBefore), /\d\dZ$/u, 'Z'), encodeTime(notAfter)]),
    ),
  },
  {
    id: 'validity-utctime-offset',
    title: 'a UTCTime with an offset',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5.1 (must be Z)',
    differs: 'notBefore of the leaf is a UTCTime that ends in +0000',
    tier: 'extended',
    expected: rejected('ERROR_IN_CERT_NOT_BEFORE_FIELD'),
    divergent: 'java',
    fault: written(({ notBefore, notAfter }) => [rewritten(utcTime(notBefore), /Z$/u, '+0000'), encodeTime(notAfter)]),
  },
  {
    id: 'validity-generalizedtime-fraction',
    title: 'a GeneralizedTime with a fraction of a second',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5.2 (must not)',
    differs: 'notAfter of the leaf, in 2051, has half a second',
    tier: 'extended',
    expected: rejected('ERROR_IN_CERT_NOT_AFTER_FIELD'),
    divergent: 'java',
    valid: until('2051-01-01T00:00:00Z'),
    fault: written(({ notBefore, notAfter }) => [encodeTime(notBefore), rewritten(generalizedTime(notAfter), /Z$/u, '.5Z')]),
  },
  {
    id: 'validity-malformed-date',
    title: 'a date that does not exist',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5',
    differs: 'notAfter of the leaf is in the month 13 of the year 2049',
    tier: 'core',
    expected: rejected('ERROR_IN_CERT_NOT_AFTER_FIELD'),
    valid: until('2049-12-01T00:00:00Z'),
    fault: written(({ notBefore, notAfter }) => [encodeTime(notBefore), rewritten(utcTime(notAfter), /^4912/u, '4913')]),
  },
  {
    id: 'validity-lifetime-100y',
    title: 'a leaf that is valid for a century',
    group: 'time',
    reference: 'RFC 5280 4.1.2.5 (no limit)',
    differs: 'notAfter of the leaf is a hundred years after notBefore',
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
    reference: 'RFC 5280 6.1.3(a)(2)',
    differs: 'notAfter of the issuing CA was two days ago; leaf and root are valid',
    tier: 'core',
    expected: rejected('CERT_HAS_EXPIRED'),
    valid: ownIssuer,
    fault: intermediate((it) => {
      it.validity = past();
    }),
  },
  {
    id: 'not-yet-valid-intermediate',
    title: 'an issuing CA that is not valid yet',
    group: 'time',
    reference: 'RFC 5280 6.1.3(a)(2)',
    differs: 'notBefore of the issuing CA is in two days; leaf and root are valid',
    tier: 'core',
    expected: rejected('CERT_NOT_YET_VALID'),
    valid: ownIssuer,
    fault: intermediate((it) => {
      it.validity = future();
    }),
  },
  {
    id: 'expired-root',
    title: 'an expired trust anchor',
    group: 'time',
    reference: 'RFC 5280 6.1.1(d) (an anchor has no dates to check)',
    differs: 'notAfter of the root was two days ago; leaf and issuing CA are valid',
    tier: 'extended',
    expected: rejected('CERT_HAS_EXPIRED'),
    client: { divergent: 'java' },
    server: { divergent: 'java deno' },
    valid: root(unchanged),
    fault: root((it) => {
      it.validity = past();
    }),
  },
  {
    id: 'leaf-outlives-issuer',
    title: 'a leaf that outlives its issuer',
    group: 'time',
    reference: 'RFC 5280 6.1 (validity need not nest)',
    differs: 'notAfter of the issuing CA is in an hour, that of the leaf in a day',
    tier: 'control',
    valid: ownIssuer,
    fault: intermediate((it) => {
      it.validity = validFor(hour);
    }),
  },
];

/** Over since two days: stacks may allow for clocks that differ, NSS by 24 hours (PENDING_SLOP in its certdb.c). */
function past(): Validity {
  return { notBefore: fromNow(-4 * day), notAfter: fromNow(-2 * day) };
}

/** From in two days on. */
function future(): Validity {
  return { notBefore: fromNow(2 * day), notAfter: fromNow(4 * day) };
}

/** The leaf is valid until an instant, written as its year demands. */
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
