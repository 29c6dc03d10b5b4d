import type { Identity } from '../../../pki/identity.ts';
import type { RotationTrial } from '../../catalogue/spiffe/spiffe-scenario.ts';
import { asExpected, notJudged, type Seen, unexpected } from '../../records/scenario-result.ts';
import { assessCalled, callService } from './call-service.ts';
import type { SpiffeService } from './spiffe-service.ts';

/** Rotates again and again while clients connect, with an SVID of the root of before, which stays in the bundle. */
export async function runRotations({ rotations }: RotationTrial, service: SpiffeService): Promise<Seen> {
  const load = new Load(service, service.authorized);
  const running = Array.from({ length: clients }, () => load.run());
  let problem: string | undefined;
  try {
    for (let done = 1; done <= rotations && problem === undefined; done += 1)
      problem = await service.change(done % rootsEvery === 0 ? 'root' : 'svid', { underLoad: true });
  } finally {
    load.stop();
    await Promise.all(running);
  }
  if (load.failure) return load.failure;
  if (problem !== undefined) return unexpected(problem);
  if (load.unjudged !== undefined) return notJudged(`not judged: a connection under load was not judged: ${load.unjudged}`);
  return load.accepted === 0
    ? notJudged('not judged: no client was done with its connection during the rotations')
    : asExpected(`all ${load.accepted} connections during ${rotations} rotations were accepted, as expected`);
}

/** Clients that connect one time after the other, until they are told to stop. */
class Load {
  readonly #service: SpiffeService;
  readonly #identity: Identity;
  #isOver = false;
  accepted = 0;
  failure: Seen | undefined;
  unjudged: string | undefined;

  constructor(service: SpiffeService, identity: Identity) {
    this.#service = service;
    this.#identity = identity;
  }

  stop(): void {
    this.#isOver = true;
  }

  async run(): Promise<void> {
    while (!this.#isOver && !this.failure) {
      const seen = assessCalled(await callService(this.#service, this.#identity), { verdict: 'accepted' }, this.#identity);
      if (seen.status === 'as-expected') this.accepted += 1;
      else if (seen.status === 'not-judged') this.unjudged ??= seen.message;
      else this.failure ??= { ...seen, message: `a connection during the rotations: ${seen.message}` };
    }
  }
}

const clients = 4;
const rootsEvery = 5;
