import type { RotationTrial } from '../../catalogue/spiffe/spiffe-scenario.ts';
import type { Seen } from '../../records/scenario-result.ts';
import { runChangesUnderLoad } from '../under-load.ts';
import { assessCalled, callService } from './call-service.ts';
import type { SpiffeService } from './spiffe-service.ts';

/** Rotates again and again while clients connect, with an SVID of the root of before, which stays in the bundle. */
export function runRotations({ rotations }: RotationTrial, service: SpiffeService): Promise<Seen> {
  const identity = service.authorized;
  return runChangesUnderLoad({
    what: 'rotations',
    times: rotations,
    change: (number) => service.change(number % rootsEvery === 0 ? 'root' : 'svid', { underLoad: true }),
    connect: async () => {
      const seen = assessCalled(await callService(service, identity), { verdict: 'accepted' }, identity);
      return seen.status === 'unexpected' ? { ...seen, message: `a connection during the rotations: ${seen.message}` } : seen;
    },
  });
}

const rootsEvery = 5;
