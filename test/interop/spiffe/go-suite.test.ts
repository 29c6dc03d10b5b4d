import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Endpoint } from '../../../src/index.ts';
import { spiffeScenarios } from '../../../src/scenarios/index.ts';
import { describeSpiffeUnderTest, type SpiffeContext } from '../../../src/vitest/index.ts';
import { describeWith } from '../judges.ts';
import { builtGoSpiffe } from './programs.ts';

const tokenIds = spiffeScenarios.filter(({ trial }) => trial.kind === 'jwt').map(({ id }) => id);

describeWith('go modules')('a service with go-spiffe raises no alarm', () => {
  const program = builtGoSpiffe();

  /** It connects again a second after the stream has ended. */
  async function start(
    { env, authorizes }: SpiffeContext,
    mode: readonly string[] = ['https'],
  ): Promise<Endpoint & { close(): Promise<void> }> {
    const child = spawn(program(), [...mode, '127.0.0.1:0', ...authorizes], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { port } = JSON.parse(line) as { readonly port: number }; // as the program says in its first comment
    return {
      host: '127.0.0.1',
      port,
      close: async () => {
        child.kill();
        await once(child, 'close');
      },
    };
  }

  const authorizes = ['spiffe://example.test/shop', 'spiffe://other.test/partner'] as const;
  describeSpiffeUnderTest(
    'net/http with go-spiffe',
    { start: (context) => start(context), authorizes, within: 10_000 },
    {
      tiers: ['core', 'control', 'extended', 'varies'],
      expected: { 'workload-entitlement-lost': { verdict: 'accepted' } }, // it goes on with what it has
    },
  );
  describeSpiffeUnderTest(
    'net/http with go-spiffe, and tokens',
    { start: (context) => start(context, ['https-jwt', 'billing']), authorizes, jwt: { audience: 'billing' }, within: 10_000 },
    { only: [...tokenIds, 'workload-new-root', 'workload-retired-root', 'workload-federated', 'workload-api-restarted'] },
  );
});
