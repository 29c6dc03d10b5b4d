import { expect, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake } from '../../src/index.ts';
import { startDelayLine } from './delay-line.ts';
import { describeWithLateServers, type LateBehavior, type LateServer, startLateServer } from './late-server.ts';

const pki = createPki();
const good = pki.client('alice');
const expired = pki.client('bob', { notAfter: new Date(0) });
const versions = ['TLSv1.3', 'TLSv1.2'] as const;
const describeLate = describeWithLateServers();

function attempt(server: Pick<LateServer, 'port'>, version: (typeof versions)[number], options = {}): Promise<Handshake> {
  const target = { host: '127.0.0.1', port: server.port, servername: 'localhost' };
  return attemptHandshake(target, { minVersion: version, maxVersion: version, ...options });
}

describeLate('a server that verifies its client after the handshake', () => {
  const alerts = { openssl: 'bad_record_mac', gnutls: 'bad_certificate' } as const;
  const behaviors = (['openssl', 'gnutls'] as const).flatMap((stack) =>
    (['alert', 'close'] as const).flatMap((how) => [true, false].map((tickets): LateBehavior => ({ stack, how, tickets, delay: 100 }))),
  );

  test.for(behaviors)(
    'refuses 100 ms later, and that is a refusal: $stack, by $how, tickets $tickets',
    async ({ stack, how, tickets, delay }) => {
      await using server = await startLateServer(pki, { stack, how, tickets, delay });

      for (const version of versions) {
        const [accepted, refused] = await Promise.all([
          attempt(server, version, { identity: good }),
          attempt(server, version, { identity: expired }),
        ]);
        expect(accepted).toBeAccepted();
        expect(refused).toBeRejected({ by: 'server', ...(how === 'alert' && { alert: alerts[stack] }) });
        expect(how === 'close' ? ['closed', 'reset'] : ['alert']).toContain(refused.evidence);
        // Without a ticket nothing in TLS 1.3 shows that the server had completed the handshake.
        const isShown = tickets || version === 'TLSv1.2';
        expect(refused.detail ?? '').toMatch(
          isShown ? /^the server completed the handshake \(it had sent (?:a session ticket|its Finished)\)/u : /^$/u,
        );
      }
    },
  );

  test('says in explain() that it had completed the handshake', async () => {
    await using server = await startLateServer(pki, { stack: 'openssl', how: 'close', tickets: true, delay: 30 });

    const refused = await attempt(server, 'TLSv1.3', { identity: expired });

    expect(refused.explain()).toContain(
      'rejected by the server: without a reason (no alert; the server completed the handshake (it had sent a session ticket), then closed the connection)',
    );
  });

  test('is waited for as long as quietPeriod says, whatever spoke for acceptance, and no longer', async () => {
    await using server = await startLateServer(pki, { stack: 'gnutls', how: 'alert', tickets: true, delay: 1500 });

    for (const version of versions) {
      const [patient, hasty] = await Promise.all([
        attempt(server, version, { identity: expired, quietPeriod: 6000 }),
        attempt(server, version, { identity: expired, quietPeriod: 20 }),
      ]);
      expect(patient).toBeRejected({ by: 'server', alert: 'bad_certificate' });
      expect(hasty).toBeAccepted();
    }
  });

  test('is waited for at least four round trips of the connection, even where quietPeriod is shorter', async () => {
    await using server = await startLateServer(pki, { stack: 'openssl', how: 'alert', tickets: true, delay: 300 });
    await using line = await startDelayLine(server.port, { delay: 150 });

    for (const version of versions) {
      const [accepted, refused] = await Promise.all([
        attempt(line, version, { identity: good, quietPeriod: 20, timeout: 20_000 }),
        attempt(line, version, { identity: expired, quietPeriod: 20, timeout: 20_000 }),
      ]);
      expect(accepted).toBeAccepted();
      expect(refused).toBeRejected({ by: 'server', alert: 'bad_record_mac' });
    }
  });
});

describeLate('data of a server', () => {
  test.for([
    ['early', 'alert', 0],
    ['early-close', 'closed', 0],
    ['early', 'alert', 60],
    ['early-close', 'closed', 60],
  ] as const)('in its first flight proves nothing: %s, %s, the server %i ms away', async ([how, evidence, delay]) => {
    await using server = await startLateServer(pki, { stack: 'openssl', how, tickets: true, delay: 40 });
    await using line = await startDelayLine(server.port, { delay });

    expect(await attempt(line, 'TLSv1.3', { identity: good, timeout: 20_000 })).toMatchObject({ rejectedBy: 'server', evidence });
    expect(await attempt(line, 'TLSv1.3', { trust: pki, timeout: 20_000 })).toBeRejected({ by: 'server', alert: 'certificate_required' });
  });

  test.for([
    [true, 0],
    [false, 0],
    [true, 60],
    [false, 60],
  ] as const)('after the handshake is acceptance, also where it then ends: tickets %s, %i ms away', async ([tickets, delay]) => {
    await using server = await startLateServer(pki, { stack: 'openssl', how: 'greet', tickets, delay: 0 });
    await using line = await startDelayLine(server.port, { delay });

    for (const version of versions) {
      const handshake = await attempt(line, version, { identity: good, timeout: 20_000 });
      expect(handshake).toMatchObject({ verdict: 'accepted', evidence: 'application-data' });
    }
  });
});
