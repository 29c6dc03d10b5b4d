import tls from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPki } from '../../src/index.ts';
import { runScenario } from '../../src/scenarios/run/run-scenario.ts';
import type { CredentialScenario } from '../../src/scenarios/catalogue/scenario.ts';
import type { Side } from '../../src/wire/tap/capture.ts';
import { clientScenario, serverScenario } from '../scenarios/scenario.ts';
import { axiosClient, httpsClient, undiciFetch } from './correct-clients.ts';
import { expressServer, http2Server, httpsServer, mutualTls } from './correct-servers.ts';
import { certificatesIn } from './deciding-servers.ts';
import type { ClientUse, HandshakeServer, Mutant, Subject } from './mutant.ts';
import { Report } from './report.ts';

// What the process trusts by default is changed here, so these have a file, and a process, of their own.
const pki = createPki({ name: 'public authorities' });
const usual = tls.getCACertificates('default');
const id = 'unknown-ca-root-in-chain';
const catching = { caughtBy: [id], isNarrow: true } as const;
const report = new Report('Servers and clients that trust public authorities, and the scenario that catches them');

const servers: readonly Mutant<HandshakeServer>[] = [
  {
    ...catching,
    name: 'https: no anchors',
    mistake: 'The file with its anchors is missing, so that it trusts what the system trusts.',
    start: (configuration) => httpsServer({ ...mutualTls(configuration), ca: undefined }),
  },
  {
    ...catching,
    name: 'express: an empty variable for anchors',
    mistake: 'The variable with its anchors is empty, which Node.js takes for none given.',
    start: (configuration) => expressServer({ ...mutualTls(configuration), ca: process.env['MTLS_FIXTURES_MUTANT_CA'] ?? '' }),
  },
  {
    ...catching,
    name: 'http2: the anchors of the system too',
    mistake: 'It trusts the authorities of the system besides its own.',
    start: (configuration) => http2Server({ ...mutualTls(configuration), ca: [configuration.trust, ...tls.getCACertificates('default')] }),
  },
];

const clients: readonly Mutant<ClientUse>[] = [
  {
    ...catching,
    name: 'undici fetch: no anchors',
    mistake: 'It is not told which CAs to trust, and trusts what the system trusts.',
    call: undiciFetch(() => ({ ca: undefined })),
  },
  {
    ...catching,
    name: 'axios: the anchors of the system too',
    mistake: 'It trusts the authorities of the system besides its own.',
    call: axiosClient(({ tls: { ca } }) => ({ ca: [ca, ...tls.getCACertificates('default')] })),
  },
];

const correct: { readonly server: Subject<HandshakeServer>; readonly client: Subject<ClientUse> } = {
  server: { name: 'https', start: (configuration) => httpsServer(mutualTls(configuration)) },
  client: { name: 'https', call: httpsClient() },
};

beforeAll(() => {
  tls.setDefaultCACertificates([...usual, pki.anchors]);
});
afterAll(() => {
  tls.setDefaultCACertificates(usual);
});

test.for(servers)('$name is caught', async (mutant) => {
  const result = await runScenario(ofPublicAuthority(clientScenario(id)), { pki, target: mutant });

  expect(report.caught(mutant.name, [{ ...result, version: 'TLSv1.3', tier: 'core' }])).toEqual(mutant.caughtBy);
});

test.for(clients)('$name is caught', async (mutant) => {
  const result = await runScenario(ofPublicAuthority(serverScenario(id)), { pki, target: mutant.call });

  expect(report.caught(mutant.name, [{ ...result, version: 'TLSv1.3', tier: 'core' }])).toEqual(mutant.caughtBy);
});

test('a peer that trusts the PKI alone raises no alarm over public authorities', async () => {
  const server = await runScenario(ofPublicAuthority(clientScenario(id)), { pki, target: correct.server });
  const client = await runScenario(ofPublicAuthority(serverScenario(id)), { pki, target: correct.client.call });

  expect([server.status, client.status]).toEqual(['as-expected', 'as-expected']);
});

/** The untrusted root is one that the system trusts, as are those from which anyone can buy a certificate. */
function ofPublicAuthority<Role extends Side>(scenario: CredentialScenario<Role>): CredentialScenario<Role> {
  return {
    ...scenario,
    arrange: (own) => {
      const credential = scenario.arrange(own);
      const root = certificatesIn(credential.identity.chainPem).at(-1);
      tls.setDefaultCACertificates([...usual, own.anchors, String(root)]);
      return credential;
    },
  };
}
