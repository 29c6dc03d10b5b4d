import { expect, test } from 'vitest';
import { timesAsLong } from './fastest.ts';
import { hostileBytes } from './hostile-bytes.ts';
import { hostileCertificates } from './hostile-certificates.ts';
import { hostileHeaders } from './hostile-headers.ts';

// What is linear takes 16 and 64 times as long, and up to six times that where so much is alive that the garbage collector copies it; what is
// quadratic takes 256 and 4,096 times. In two steps, so that what would take hours for a megabyte fails before.
test.for([...hostileCertificates, ...hostileBytes, ...hostileHeaders])('time grows with the octets of %s, and no faster', ([, make]) => {
  const [tiny, small, large] = [make(kibibyte), make(16 * kibibyte), make(1024 * kibibyte)];

  expect(timesAsLong(small, tiny, { enough: 128, rounds: 8 })).toBeLessThan(128);
  expect(timesAsLong(large, small, { enough: 1000, rounds: 8 })).toBeLessThan(1000);
});

const kibibyte = 1024;
