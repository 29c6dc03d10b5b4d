import { invalidOption } from '../../errors/index.ts';

/** Rejects a hint that another identity of the workload has: clients take the first and drop the other (Workload API 5.2.1). */
export function requireUniqueHint(hint: string | undefined, others: readonly (string | undefined)[]): void {
  if (hint !== undefined && hint !== '' && others.includes(hint))
    throw invalidOption('hint', hint, 'one that no other identity of the workload has');
}
