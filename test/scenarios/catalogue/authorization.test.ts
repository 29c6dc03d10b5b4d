import { expect, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake, inspectCertificate, startTlsServer, type VerifyPeer } from '../../../src/index.ts';
import { clientNamesCredentials } from '../../../src/scenarios/catalogue/credentials/names/client-names.ts';
import { scenariosOf } from '../../../src/scenarios/catalogue/credential-definition.ts';
import { spiffeFederationCredentials } from '../../../src/scenarios/catalogue/credentials/names/spiffe-federation.ts';
import { spiffeIdsCredentials } from '../../../src/scenarios/catalogue/credentials/names/spiffe-ids.ts';
import { userPrincipalNamesCredentials } from '../../../src/scenarios/catalogue/credentials/names/user-principal-names.ts';
import type { ArrangedCredential, ClientScenario, ServerScenario } from '../../../src/scenarios/catalogue/scenario.ts';
import { clientScenario } from '../scenario.ts';
import { type Authorizer, correctAuthorizers, type Way, wrongAuthorizers } from '../authorizers.ts';

const pki = createPki({ name: 'authorization' });
const definitions = [
  ...clientNamesCredentials(),
  ...userPrincipalNamesCredentials(),
  ...spiffeIdsCredentials(),
  ...spiffeFederationCredentials(),
];
const clients = scenariosOf('client', definitions);
const servers = scenariosOf('server', definitions);
const ways: readonly Way[] = ['commonName', 'subject', 'spiffeId', 'x509Svid', 'federatedSpiffeId', 'userPrincipalName'];

test.for(casesOf(clients))('a server that authorizes rightly by $way refuses $id, and lets the legitimate client in', async (each) => {
  const { scenario, way, identity } = each;
  const verifyPeer = authorizing(correctAuthorizers[way], identity);

  const control = await presentClient(scenario.control(pki), verifyPeer);
  const bad = await presentClient(scenario.arrange(pki), verifyPeer);

  expect(control.verdict).toBe('accepted');
  expect(bad).toMatchObject({ verdict: 'rejected', rejectedBy: 'server', reason: 'APPLICATION_VERIFICATION' });
});

test.for(casesOf(servers))('a client that authorizes rightly by $way refuses $id, and trusts the legitimate server', async (each) => {
  const { scenario, way, identity } = each;
  const verifyPeer = authorizing(correctAuthorizers[way], identity);

  const control = await callServer(scenario.control(pki), verifyPeer);
  const bad = await callServer(scenario.arrange(pki), verifyPeer);

  expect(control.verdict).toBe('accepted');
  expect(bad).toMatchObject({ verdict: 'rejected', rejectedBy: 'client', reason: 'APPLICATION_VERIFICATION' });
});

test.for([
  ['identity-same-cn-other-ou', 'commonName', 'client'],
  ['spiffe-signing-cert-as-leaf', 'spiffeId', 'spiffe://example.test/workload'],
  ['spiffe-leaf-crlsign', 'spiffeId', 'spiffe://example.test/workload'],
  ['spiffe-ku-not-critical', 'spiffeId', 'spiffe://example.test/workload'],
  ['spiffe-ku-not-critical', 'x509Svid', 'spiffe://example.test/workload'],
] as const)('%s does not concern a server that authorizes by %s, which cannot tell the two apart', async ([id, way, identity]) => {
  const scenario = clientScenario(id);

  const handshake = await presentClient(scenario.arrange(pki), authorizing(correctAuthorizers[way], identity));

  expect(handshake.verdict).toBe('accepted');
  expect(scenario.impersonates?.[way]).toBeUndefined();
});

test.for(wrongAuthorizers)('a server that takes %s for the %s is shown by %s', async ([, way, shownBy, authorizer]) => {
  const scenario = clientScenario(shownBy);
  const verifyPeer = authorizing(authorizer, scenario.impersonates?.[way] ?? 'nobody');

  const control = await presentClient(scenario.control(pki), verifyPeer);
  const bad = await presentClient(scenario.arrange(pki), verifyPeer);

  expect([control.verdict, bad.verdict]).toEqual(['accepted', 'accepted']);
});

test('every scenario that names a legitimate peer shows some mistake', () => {
  const shown = casesOf(clients).filter(({ scenario, way, identity }) => {
    const peer = inspectCertificate(scenario.arrange(pki).identity.certificatePem);
    return wrongAuthorizers.some(([, wrongWay, , authorizer]) => wrongWay === way && authorizer(peer, identity, pki.anchors));
  });

  const ids = new Set(shown.map(({ id }) => id));
  expect(clients.filter(({ id, impersonates }) => impersonates && !ids.has(id)).map(({ id }) => id)).toEqual([]);
});

function casesOf<Scenario extends ClientScenario | ServerScenario>(scenarios: readonly Scenario[]): Case<Scenario>[] {
  return scenarios.flatMap((scenario) =>
    ways.flatMap((way) => {
      const identity = scenario.impersonates?.[way];
      return identity === undefined ? [] : [{ id: scenario.id, scenario, way, identity }];
    }),
  );
}

interface Case<Scenario> {
  readonly id: string;
  readonly scenario: Scenario;
  readonly way: Way;
  readonly identity: string;
}

function authorizing(authorizer: Authorizer, identity: string): VerifyPeer {
  return (peer) => authorizer(peer, identity, pki.anchors) || `it is not ${identity}`;
}

async function presentClient({ identity, trust }: ArrangedCredential, verifyPeer: VerifyPeer): Promise<Handshake> {
  await using server = await startTlsServer({ identity: pki.server(), trust, verifyPeer });
  return await attemptHandshake(server, { identity, trust: pki.anchors });
}

async function callServer({ identity, trust, host }: ArrangedCredential, verifyPeer: VerifyPeer): Promise<Handshake> {
  await using server = await startTlsServer({ identity, trust: pki.anchors });
  return await attemptHandshake(server, { identity: pki.client(), trust, servername: host, verifyPeer });
}
