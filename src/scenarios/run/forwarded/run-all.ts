import { asExpected, type Assessment } from '../../records/scenario-result.ts';

/** One after the other, or all at the same time. */
export async function runAll<Item, Result>(
  items: readonly Item[],
  isConcurrent: boolean,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  if (isConcurrent) return Promise.all(items.map(run));
  const results: Result[] = [];
  for (const item of items) results.push(await run(item));
  return results;
}

/** Of several assessments: the first that was accepted, then what else is unexpected, then what could not be judged. */
export function worstOf(assessments: readonly Assessment[]): Assessment {
  const [worst = asExpected('nothing was sent')] = assessments.toSorted((one, other) => rankOf(other) - rankOf(one));
  return worst;
}

function rankOf({ status, message }: Assessment): number {
  if (status === 'unexpected') return message.includes('it was accepted') ? 3 : 2;
  return status === 'not-judged' ? 1 : 0;
}
