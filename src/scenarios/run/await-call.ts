import { after } from '../../clock/real-clock.ts';
import type { CallResult } from '../assess/observation.ts';

/** Calls the user's code and waits `timeout` milliseconds at most. A function that throws at once counts as one whose promise rejects. */
export async function awaitCall(call: () => unknown, timeout: number): Promise<CallResult> {
  let cancel: (() => void) | undefined;
  const bound = new Promise<CallResult>((resolve) => {
    cancel = after(timeout, () => resolve({ kind: 'hung' }));
  });
  try {
    return await Promise.race([resultOf(call), bound]);
  } finally {
    cancel?.();
  }
}

async function resultOf(call: () => unknown): Promise<CallResult> {
  try {
    await call();
    return { kind: 'resolved' };
  } catch (error) {
    return { kind: 'rejected', error };
  }
}
