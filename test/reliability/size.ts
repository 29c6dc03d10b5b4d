/** How much of something: `npm run soak` runs all of it, the ordinary suite a sample. */
export function sized({ sample, soak }: { readonly sample: number; readonly soak: number }): number {
  return process.env['SOAK'] === '1' ? soak : sample;
}

/** Milliseconds that a test may take: it is to end, however busy the machine is. */
export const patience = sized({ sample: 120_000, soak: 1_800_000 });
