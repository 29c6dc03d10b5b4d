/** Runs `count` jobs, at most `atOnce` at a time, in order of their numbers. */
export async function inParallel(count: number, atOnce: number, job: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await job(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
