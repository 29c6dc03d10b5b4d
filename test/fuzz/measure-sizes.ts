// Prints how long each decoder takes for a megabyte of hostile input, and how that grows: `node test/fuzz/measure-sizes.ts`.
import { fastest } from './fastest.ts';
import { hostileBytes } from './hostile-bytes.ts';
import { hostileCertificates } from './hostile-certificates.ts';
import { hostileHeaders } from './hostile-headers.ts';

for (const [what, make] of [...hostileCertificates, ...hostileBytes, ...hostileHeaders]) {
  const [small, large] = [fastest(make(2 ** 17), 12), fastest(make(2 ** 20), 12)];
  process.stdout.write(`${what.padEnd(48)} ${large.toFixed(1).padStart(7)} ms, ${(large / small).toFixed(1)} times that of 128 KiB\n`);
}
