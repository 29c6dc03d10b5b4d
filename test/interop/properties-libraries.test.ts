import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createPki, inspectCertificate } from '../../src/index.ts';
import { attributeId, canonicalAddress, plannedReading, seconds } from './certificate-reading.ts';
import { readByInspection, readByPeculiar } from './library-reading.ts';
import { authorityPlans, leafPlans, propertyTimeout, runs } from './plans.ts';

vi.setConfig({ testTimeout: propertyTimeout });

const { issuer } = createPki({ intermediates: 0 });
const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

test.for([
  ['leaf', leafPlans(), false],
  ['authority', authorityPlans(), true],
] as const)('@peculiar/x509 reads every %s as it was planned', ([, plans, isAuthority]) => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { certificate } = isAuthority ? issuer.issueAuthority({ ...plan.options, key }) : issuer.issue({ ...plan.options, key });

      const reading = readByPeculiar(Uint8Array.from(certificate.raw));

      expect(reading).toMatchObject(plannedReading(plan, { isAuthority }));
      expect(reading.extensions).toEqual(
        expect.arrayContaining(
          (plan.options.extensions ?? []).map(({ oid, critical = false, value }) => ({
            oid,
            critical,
            value: Buffer.from(value).toString('hex'),
          })),
        ),
      );
    }),
    runs(150),
  );
});

test.for([
  ['leaf', leafPlans(), false],
  ['authority', authorityPlans(), true],
] as const)('inspectCertificate reads every %s as it was planned', ([, plans, isAuthority]) => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { certificate } = isAuthority ? issuer.issueAuthority({ ...plan.options, key }) : issuer.issue({ ...plan.options, key });
      const planned = plannedReading(plan, { isAuthority });

      const read = inspectCertificate(certificate);

      expect(planned).toMatchObject(readByInspection(read));
      expect(attributesOf(read.subject.parts)).toEqual(planned.subject.flat().toSorted(byText));
      expect(valuesIn(read.subject.text)).toEqual(read.subject.parts.map(({ value }) => value));
    }),
    runs(150),
  );
});

test('Node reads every leaf as it was planned, and takes it for all of its names', () => {
  fc.assert(
    fc.property(leafPlans(), (plan) => {
      const { certificate } = issuer.issue({ ...plan.options, key });
      const planned = plannedReading(plan, { isAuthority: false });
      const names = (kind: string): string[] =>
        planned.altNames.filter((name) => name.startsWith(`${kind}:`)).map((name) => name.slice(kind.length + 1));

      expect(certificate.serialNumber.toLowerCase().replace(/^0+/u, '')).toBe(planned.serialNumber);
      expect([certificate.validFromDate, certificate.validToDate].map(seconds)).toEqual([planned.notBefore, planned.notAfter]);
      expect(certificate.keyUsage).toEqual(planned.purposes);
      expect(certificate.ca).toBe(false);
      expect(certificate.checkIssued(issuer.certificate) && certificate.verify(issuer.certificate.publicKey)).toBe(true);
      expect(certificate.publicKey.equals(createPublicKey(key))).toBe(true);
      const hosts = names('dns').filter(isMatchable);
      expect(names('dns')).toEqual(expect.arrayContaining(hosts.map((host) => certificate.checkHost(host.replace('*', 'any')))));
      for (const address of names('ip')) expect(canonicalAddress(certificate.checkIP(address) ?? '')).toBe(address);
      for (const mailbox of names('email')) expect(certificate.checkEmail(mailbox)).toBe(mailbox);
    }),
    runs(150),
  );
});

function attributesOf(parts: readonly { readonly type: string; readonly value: string }[]): string[] {
  return parts.map(({ type, value }) => `${attributeId(type)}=${value}`).toSorted(byText);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** The values in the text of a name, by the rules of RFC 4514 alone: no value can look like the end of its attribute. */
function valuesIn(text: string): string[] {
  return [...text.matchAll(/[^=,]+=((?:\\[0-9a-f]{2}|\\.|[^\\,])*)(?:, |$)/gsu)].map(([, value = '']) =>
    value.replaceAll(
      /((?:\\[0-9a-f]{2})+)|\\(.)/gsu,
      (_escape, octets?: string, character?: string) => character ?? Buffer.from(octets?.replaceAll('\\', '') ?? '', 'hex').toString(),
    ),
  );
}

/** OpenSSL matches no wildcard right below a top-level domain, and none beside an underscore. */
function isMatchable(name: string): boolean {
  return !name.startsWith('*') || /^\*\.[a-z0-9-]+\.[a-z0-9.-]+$/iu.test(name);
}
