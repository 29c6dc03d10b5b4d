import { after } from '../../clock/real-clock.ts';

/** How a call of the user's code ended. */
export type Settled = { readonly kind: 'resolved' } | { readonly kind: 'rejected'; readonly error: unknown } | { readonly kind: 'hung' };

/** Calls, and waits so many milliseconds at most. A function that throws at once counts as one whose promise rejects. */
export async function settleCall(call: () => unknown, timeout: number): Promise<Settled> {
  let cancel: (() => void) | undefined;
  const bound = new Promise<Settled>((resolve) => {
    cancel = after(timeout, () => resolve({ kind: 'hung' }));
  });
  try {
    return await Promise.race([settled(call), bound]);
  } finally {
    cancel?.();
  }
}

async function settled(call: () => unknown): Promise<Settled> {
  try {
    await call();
    return { kind: 'resolved' };
  } catch (error) {
    return { kind: 'rejected', error };
  }
}
