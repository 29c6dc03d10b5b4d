import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodePem } from '../../src/asn1/pem.ts';

/** One certificate of `fixtures/foreign`. */
export interface ForeignCertificate {
  /** File, and where it stands in it: `go/chain.pem 2`. */
  readonly title: string;
  readonly pem: string;
}

/** The files of other tools, by their path in `fixtures/foreign`. */
export const foreignFiles: readonly { readonly file: string; readonly pem: string }[] = readdirSync(folder(), {
  recursive: true,
  encoding: 'utf8',
})
  .map((file) => file.replaceAll(path.sep, '/'))
  .filter((file) => file.endsWith('.pem'))
  .toSorted()
  .map((file) => ({ file, pem: readFileSync(path.join(folder(), file), 'utf8') }));

/** Every certificate in them. */
export const foreignCertificates: readonly ForeignCertificate[] = foreignFiles.flatMap(({ file, pem }) =>
  decodePem(pem).map(({ text }, index) => ({ title: `${file} ${index + 1}`, pem: `${text}\n` })),
);

function folder(): string {
  return path.join(import.meta.dirname, '../../fixtures/foreign');
}
