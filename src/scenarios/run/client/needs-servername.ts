import type { ArrangedCredential } from '../../catalogue/scenario.ts';

/** Whether a scenario is about a name that is not the one in the URL. */
export function needsServername({ host }: Pick<ArrangedCredential, 'host'>): boolean {
  return host !== 'localhost' && host !== '127.0.0.1';
}
