import { afterAll, beforeAll, expect, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake } from '../../../src/index.ts';
import type { ArrangedCredential, TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { clientScenario } from '../../scenarios/scenario.ts';
import { measuredOf } from './measured.ts';
import { type PeerReport, type PeerStack, type ServerPeer, type StartServerPeer, versions } from './peer.ts';

/** Defines the tests of a server that our client calls: who gets in, which alert comes back, and that the server says the same of it; with the versions that it has. */
export function testServer(stack: PeerStack, start: StartServerPeer, only: readonly TlsVersion[] = versions): void {
  const measured = measuredOf('servers', stack);
  const pki = createPki({ name: 'peers' });
  let server: ServerPeer | undefined;
  beforeAll(async () => {
    server = await start(pki);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test.for(cases.filter(({ version }) => only.includes(version)))(
    'answers $id over $version as it was measured, and both ends say so',
    async ({ id, version }) => {
      const credential = id === 'none' ? undefined : clientScenario(id).arrange(pki);
      const answer = measured.answerTo(id, version);

      const control = await shakeHands(clientScenario('valid').arrange(pki), version);
      const { result: handshake, report } = await shakeHands(credential, version);

      expect(control.result, control.result.explain()).toMatchObject({ verdict: 'accepted', protocol: version });
      expect(control.report, control.report.words).toMatchObject({ verdict: 'accepted', client: 'client' });
      expect(factsOf(handshake), `${handshake.explain()}\n${report.words}`).toEqual(
        answer === 'accepted'
          ? { verdict: 'accepted', protocol: version }
          : { verdict: 'rejected', protocol: version, rejectedBy: 'server', alert: measured.alert(answer) },
      );
      expect(report.verdict, `the server itself: ${report.words}`).toBe(handshake.verdict);
    },
  );

  function shakeHands(
    credential: ArrangedCredential | undefined,
    version: TlsVersion,
  ): Promise<{ readonly result: Handshake; readonly report: PeerReport }> {
    if (!server) throw new TypeError('the server was not started');
    return server.serve(version, (port) =>
      attemptHandshake(
        { host: '127.0.0.1', port, servername: 'localhost' },
        { ...(credential && { identity: credential.identity }), trust: pki.anchors, minVersion: version, maxVersion: version },
      ),
    );
  }
}

function factsOf({ verdict, rejectedBy, alert, protocol }: Handshake): object {
  return { verdict, protocol, ...(verdict === 'rejected' && { rejectedBy, alert: alert?.sentBy === 'server' ? alert.name : undefined }) };
}

const cases = ['expired-leaf', 'unknown-ca', 'eku-opposite-role', 'none'].flatMap((id) => versions.map((version) => ({ id, version })));
