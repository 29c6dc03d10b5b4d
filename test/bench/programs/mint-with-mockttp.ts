// Mints with the CA of mockttp. Reads lines "work calls", and answers with the milliseconds of one call.
import { createInterface } from 'node:readline';
import { timed } from '../measure.ts';

/** What is used of a module that the package does not export. */
interface Certificates {
  readonly getCA: (options: { key: string; cert: string }) => Promise<{ generateCertificate(domain: string): Promise<unknown> }>;
  readonly generateCACertificate: () => Promise<{ key: string; cert: string }>;
}

const { getCA, generateCACertificate } = (await import(
  new URL('util/certificates.js', import.meta.resolve('mockttp')).href
)) as Certificates; // see above
const authority = await getCA(await generateCACertificate());
const mint = timed(() => authority.generateCertificate('localhost'));

for await (const line of createInterface({ input: process.stdin })) {
  const [, calls] = line.split(' ');
  process.stdout.write(`${await mint(Number(calls))}\n`);
}
