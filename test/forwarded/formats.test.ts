import { expect, test } from 'vitest';
import type { ForwardedFormat, ParsedFields } from '../../src/forwarded/format.ts';
import { formatNamed, headerFormats } from '../../src/forwarded/formats.ts';
import { forwardedHeaders, forwardedLines } from '../../src/forwarded/forwarded-headers.ts';
import { createPki } from '../../src/pki/pki.ts';

const alice = createPki().client('alice');

test('a format that is not known is named with the nearest that is', () => {
  const unknown = 'rfc9400' as ForwardedFormat; // from JavaScript

  expect(() => forwardedLines(alice, unknown)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('did you mean "rfc9440"') }),
  );
});

test.for(headerFormats)('$format is there once, and is found by its name', (row) => {
  expect(headerFormats.filter(({ format }) => format === row.format)).toEqual([row]);
  expect(formatNamed(row.format)).toBe(row);
});

test.for(headerFormats)('$format reads a request without its headers as one without a certificate', ({ parse }) => {
  const parsed: ParsedFields = parse({}, {});

  expect(parsed).toMatchObject({ certificates: [] });
  expect(parsed.verified ?? false).toBe(false);
});

test.for(headerFormats)('each line of $format has a name of its own, and a value of octets', ({ format, names }) => {
  const known = Object.values(names);
  const lines = forwardedLines(alice, format);

  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter(([name]) => !known.some((each) => name.startsWith(each)))).toEqual([]);
  expect(lines.filter(([, value]) => !/^[\t -~\u{80}-\u{ff}]*$/u.test(value))).toEqual([]);
});

test.for(headerFormats)('$format repeats a header only where the type of what is returned says so', ({ format }) => {
  const several = createPki().client(undefined, { subject: { organization: ['a', 'b'], commonName: 'alice' } });
  const values = Object.values<string | string[]>(forwardedHeaders(several, format));

  expect(values.some((value) => typeof value !== 'string')).toBe(format === 'kubernetes-front-proxy');
});
