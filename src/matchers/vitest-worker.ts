/** A member of what Vitest's worker has of its configuration, or of what was provided to its tests; undefined in other programs. Vitest shows the configuration to tests nowhere else. */
export function vitestWorkerHas(part: 'config' | 'providedContext', name: string): unknown {
  const worker: unknown = Reflect.get(globalThis, '__vitest_worker__');
  const members: unknown = typeof worker === 'object' && worker !== null ? Reflect.get(worker, part) : undefined;
  return typeof members === 'object' && members !== null ? Reflect.get(members, name) : undefined;
}
