import { headerFormats } from '../../src/forwarded/formats.ts';
import { parseForwardedHeaders } from '../../src/forwarded/parse-forwarded-headers.ts';
import type { HostileInput } from './hostile-certificates.ts';
import { unlessRefused } from './refusals.ts';

const values: Readonly<Record<string, string>> = {
  'a header of letters': 'A',
  'a header of blanks': ' ',
  'a header of commas': ',',
  'a header of Byte Sequences': ':AA==:, ',
  'a header of parameters': ':AA==:;a="',
  'a header of percent signs': '%41',
  'a header of quotation marks and backslashes': '\\"',
  'a header of pairs': 'DNS=a;',
  'a header of PEM': '-----BEGIN%20CERTIFICATE-----%0AAA==%0A-----END%20CERTIFICATE-----%0A',
};

/** Values that are made to be slow to read, in each header of each format. */
export const hostileHeaders: readonly HostileInput[] = headerFormats.flatMap(({ format, names, prefix }) =>
  Object.entries(values).map(([what, part]): HostileInput => {
    const headers = Object.values(names).map((name) => (name === names[prefix ?? 'certificate'] && prefix ? `${name}a` : name));
    return [
      `${format}: ${what}`,
      (size) => {
        const value = part.repeat(size / part.length);
        return () =>
          headers.forEach((header) => unlessRefused(() => parseForwardedHeaders([[header, value]], format), 'FORWARDED_INVALID'));
      },
    ];
  }),
);
