import 'reflect-metadata'; // which the next import demands
import * as peculiar from '@peculiar/x509';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createPki } from '../../src/index.ts';
import { decodePem } from '../../src/asn1/pem.ts';
import { describeWith, outputOf } from './judges.ts';
import { seconds } from './certificate-reading.ts';
import { peculiarName } from './library-reading.ts';
import { type ListPlan, listPlans, propertyTimeout, runs } from './plans.ts';
import { temporaryFolder } from './temporary-folder.ts';

vi.setConfig({ testTimeout: propertyTimeout });

const subject = { organization: 'Ö', commonName: 'lists' };
const { root } = createPki({ intermediates: 0 });

describeWith('openssl')('openssl reads', () => {
  test('every list of revoked certificates as it was planned', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(listPlans(), { minLength: 1, maxLength: 8 }), async (plans) => {
        const readings = await readByOpenssl(plans.map(mint));

        expect(readings).toEqual(plans.map(plannedReading));
      }),
      runs(10),
    );
  });
});

test('@peculiar/x509 reads every list of revoked certificates as it was planned, and finds it signed', async () => {
  await fc.assert(
    fc.asyncProperty(listPlans(), async (plan) => {
      const { list, issuer } = mintFor(plan);

      const read = new peculiar.X509Crl(Uint8Array.from(decodePem(list)[0]?.der ?? []));

      expect(readByPeculiar(read)).toEqual(plannedReading(plan));
      expect(peculiarName(read.issuerName)).toEqual([['2.5.4.10=Ö'], ['2.5.4.3=lists']]);
      expect(await read.verify({ publicKey: new peculiar.X509Certificate(issuer) })).toBe(true);
    }),
    runs(80),
  );
});

interface ListReading {
  readonly thisUpdate: string;
  readonly nextUpdate: string;
  readonly number: string;
  /** Serial number, date, reason or `-`. */
  readonly revoked: readonly (readonly string[])[];
}

function plannedReading({ thisUpdate, nextUpdate, number, revoked }: ListPlan): ListReading {
  return {
    thisUpdate: seconds(thisUpdate),
    nextUpdate: seconds(nextUpdate),
    number: String(number),
    revoked: revoked.map(({ serialNumber, date, reason }) => [
      serialNumber.toString(16),
      seconds(date),
      reason === 'unspecified' ? '-' : reason,
    ]),
  };
}

function mint(plan: ListPlan): string {
  return mintFor(plan).list;
}

function mintFor({ revoked, ...options }: ListPlan): { readonly list: string; readonly issuer: Uint8Array<ArrayBuffer> } {
  const authority = root.issueAuthority({ subject });
  for (const { serialNumber, reason, date } of revoked) authority.revoke(serialNumber, { reason, date });
  return { list: authority.crl(options), issuer: Uint8Array.from(authority.certificate.raw) };
}

async function readByOpenssl(lists: readonly string[]): Promise<ListReading[]> {
  using folder = temporaryFolder();
  const files = lists.map((list, index) => folder.write(`${index}.crl`, list));
  const output = await outputOf('sh', ['-c', `for file; do openssl crl -in "$file" -noout -text || exit 1; done`, 'sh', ...files]);
  return output
    .split('Certificate Revocation List (CRL):\n')
    .slice(1)
    .map((text) => ({
      thisUpdate: instantIn(/Last Update: (.*)$/mu.exec(text)?.[1]),
      nextUpdate: instantIn(/Next Update: (.*)$/mu.exec(text)?.[1]),
      number: BigInt(/CRL Number: \n\s+(\w+)$/mu.exec(text)?.[1] ?? -1).toString(),
      revoked: [...text.matchAll(entries)].map(([, serial = '', date, reason]) => [
        serial.toLowerCase().replace(/^0+/u, ''),
        instantIn(date),
        reason === undefined ? '-' : (reasonWords.get(reason) ?? reason),
      ]),
    }));
}

/** `Jan  1 00:00:00 100 GMT` */
function instantIn(text = ''): string {
  const [, month = '', day = '', time = '', year = ''] = /^(\w{3}) +(\d+) ([\d:]{8}) (\d+) GMT$/u.exec(text) ?? [];
  return `${year.padStart(4, '0')}-${String(months.indexOf(month) + 1).padStart(2, '0')}-${day.padStart(2, '0')}T${time}Z`;
}

function readByPeculiar(list: peculiar.X509Crl): ListReading {
  const number = list.extensions.find(({ type }) => type === '2.5.29.20')?.value ?? new ArrayBuffer(0);
  return {
    thisUpdate: seconds(list.thisUpdate),
    nextUpdate: seconds(list.nextUpdate),
    number: BigInt(`0x${Buffer.from(number).subarray(2).toString('hex')}`).toString(),
    revoked: list.entries.map(({ serialNumber, revocationDate, reason }) => [
      serialNumber.replace(/^0+/u, ''),
      seconds(revocationDate),
      reason === undefined ? '-' : (peculiar.X509CrlReason[reason] ?? String(reason)),
    ]),
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const entries = /Serial Number: (\w+)\n\s+Revocation Date: (.*)\n(?:\s+CRL entry extensions:\n\s+X509v3 CRL Reason Code: \n\s+(.*)\n)?/gu;

const reasonWords = new Map([
  ['Key Compromise', 'keyCompromise'],
  ['CA Compromise', 'cACompromise'],
  ['Affiliation Changed', 'affiliationChanged'],
  ['Superseded', 'superseded'],
  ['Cessation Of Operation', 'cessationOfOperation'],
  ['Certificate Hold', 'certificateHold'],
  ['Remove From CRL', 'removeFromCRL'],
  ['Privilege Withdrawn', 'privilegeWithdrawn'],
  ['AA Compromise', 'aACompromise'],
]);
