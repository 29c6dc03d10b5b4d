import type { LeafOptions } from './leaf-options.ts';

/** What an X509-SVID may have beside its SPIFFE id (X509-SVID 2 to 4). */
export type SvidOptions = Pick<
  LeafOptions,
  'subject' | 'commonName' | 'dns' | 'notBefore' | 'notAfter' | 'validFor' | 'key' | 'keyAlgorithm' | 'serialNumber'
>;

/** The names of {@link SvidOptions}. */
export const svidOptionNames: readonly (keyof SvidOptions)[] = [
  'subject',
  'commonName',
  'dns',
  'notBefore',
  'notAfter',
  'validFor',
  'key',
  'keyAlgorithm',
  'serialNumber',
];
