import { once } from 'node:events';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  type Handshake,
  observe,
  type ObservedServer,
  type ObserveOptions,
  startTlsServer,
  type TlsServerOptions,
} from '../../../../src/index.ts';
import { nameConstraints } from '../../../../src/x509/names/name-constraints.ts';
import { type ChainChanges, changes, crlPem, extended, makeChain, type MadeChain, pemOf } from '../../../x509/verification/chain-maker.ts';
import { constrained, rsaKey, unknownCritical, withKey } from '../../../x509/verification/chain-changes.ts';
import { combinedCases } from '../../../x509/verification/combined-cases.ts';
import { type HiddenCase, hiddenCases } from '../../../x509/verification/hidden-cases.ts';

const pki = createPki();
const past = new Date(Date.now() - 60_000);

/** What OpenSSL's own server sends; everything else is certificate_unknown. */
const alerts: Readonly<Record<string, string>> = {
  KEYUSAGE_NO_CERTSIGN: 'unknown_ca',
  EE_KEY_TOO_SMALL: 'bad_certificate',
  CA_KEY_TOO_SMALL: 'bad_certificate',
  CA_MD_TOO_WEAK: 'bad_certificate',
  EC_KEY_EXPLICIT_PARAMS: 'bad_certificate',
};

describe.for(['TLSv1.3', 'TLSv1.2'] as const)('over %s', (version) => {
  const only = { minVersion: version, maxVersion: version };
  const possible = [...hiddenCases, ...combinedCases].filter(({ versions = [version] }) => versions.includes(version));
  const table = possible.filter((each) => reasonHere(each) !== 'accepted').map((each) => [each.name, each] as const);
  const taken = possible.filter((each) => reasonHere(each) === 'accepted').map((each) => [each.name, each] as const);

  test.for(taken)('Node 22 takes, at its security level 1, what later ones refuse: %s', async ([, { changes: defect }]) => {
    const byServer = await presentToServer(makeChain('client', defect), only);
    const byClient = await presentToClient(makeChain('server', defect), only);

    expect(byServer).toBeAccepted();
    expect(byClient).toBeAccepted();
  });

  test.for(table)('a server names what its Node hides: %s', async ([, each]) => {
    const { changes: defect } = each;
    const reason = reasonHere(each);
    const control = await presentToServer(makeChain('client', withoutDefect(defect)), only);
    const rejected = await presentToServer(makeChain('client', defect), only);

    expect(control).toBeAccepted();
    expect(rejected).toBeRejected({ by: 'server', reason, alert: alerts[reason] ?? 'certificate_unknown' });
    expect(rejected.detail).toBe('Node reported UNSPECIFIED; the name was found from the certificates');
    expect(rejected.explain()).toMatch(/server API +verification failed with UNSPECIFIED\n(?:.*\n)+ +next +\S/u);
  });

  test.for(table)('a client names what its Node hides: %s', async ([, each]) => {
    const { changes: defect } = each;
    const control = await presentToClient(makeChain('server', withoutDefect(defect)), only);
    const rejected = await presentToClient(makeChain('server', defect), only);

    expect(control).toBeAccepted();
    expect(rejected).toBeRejected({ by: 'client', reason: reasonHere(each) });
    expect(rejected.explain()).toMatch(/client API +UNSPECIFIED "[^"]+"/u);
  });

  test('a code that Node names stays, whatever else is wrong', async () => {
    const made = makeChain('client', {
      leaf: changes(extended(unknownCritical), (draft) => {
        draft.notAfter = past;
      }),
    });

    const rejected = await presentToServer(made, only);

    expect(rejected).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });
    expect(rejected.detail).toBeUndefined();
  });

  test('what cannot be determined stays UNSPECIFIED', async () => {
    // An address block that no issuer has (RFC 3779 2.2.3): nothing of the kind is looked into.
    const blocks = { oid: '1.3.6.1.5.5.7.1.7', value: Buffer.from('300c300a0402000130040302000a', 'hex') };
    const made = makeChain('client', { leaf: changes(extended(unknownCritical), extended(blocks)) });

    const rejected = await presentToServer(made, only);

    expect(rejected).toBeRejected({ by: 'server', reason: 'UNSPECIFIED', alert: 'certificate_unknown' });
    expect(rejected.detail).toBeUndefined();
    expect(rejected.explain()).toContain('ask openssl verify');
  });

  test('a silent server names it too, and sends no alert', async () => {
    const made = makeChain('client', { leaf: extended(unknownCritical) });

    const rejected = await presentToServer(made, only, { rejection: 'silent' });

    expect(rejected).toBeRejected({ by: 'server', reason: 'UNHANDLED_CRITICAL_EXTENSION' });
    expect(rejected.alert).toBeUndefined();
  });
});

describe('a server knows what it verifies with', () => {
  const constraintOfRoot = makeChain('client', { root: extended(nameConstraints({ permitted: { dns: 'other.test' } })) });
  const constraintOfIntermediate = makeChain('client', constrained({ permitted: { dns: 'other.test' } }));
  const settings = (made: MadeChain) => ({ ...pki.server().tls, ca: pemOf(made.anchors) });

  test('of the context that observe() is given', async () => {
    const context = settings(constraintOfRoot);

    const server = await observed(context, { context });

    expect(await attempt(server, constraintOfRoot)).toBeRejected({ by: 'server', reason: 'PERMITTED_VIOLATION' });
  });

  test('otherwise only what was presented is looked at', async () => {
    const server = await observed(settings(constraintOfRoot));
    const other = await observed(settings(constraintOfIntermediate));

    expect(await attempt(server, constraintOfRoot)).toBeRejected({ by: 'server', reason: 'UNSPECIFIED' });
    expect(await attempt(other, constraintOfIntermediate)).toBeRejected({ by: 'server', reason: 'PERMITTED_VIOLATION' });
  });

  test('of the context after a rotation', async () => {
    const sound = makeChain('client');
    await using server = await startTlsServer({ identity: pki.server(), trust: pemOf(sound.anchors) });
    const unknown = await observed(settings(sound));

    server.rotate({ trust: pemOf(constraintOfRoot.anchors) });
    unknown.rotate({ identity: pki.server(), trust: pemOf(constraintOfRoot.anchors) });

    expect(await attempt(server, constraintOfRoot)).toBeRejected({ by: 'server', reason: 'PERMITTED_VIOLATION' });
    expect(await attempt(unknown, constraintOfRoot)).toBeRejected({ by: 'server', reason: 'PERMITTED_VIOLATION' });
  });

  test('not where contexts differ by the name that is asked for', async () => {
    const otherwiseWrong = { identity: pki.server(), trust: pemOf(makeChain('client', { root: extended(unknownCritical) }).anchors) };
    const tenant = () => tls.createSecureContext(settings(constraintOfRoot));
    await using added = await startTlsServer(otherwiseWrong);
    await using called = await startTlsServer({ ...otherwiseWrong, SNICallback: (_name, answer) => answer(null, tenant()) });

    added.server.addContext('localhost', settings(constraintOfRoot));

    expect(await attempt(added, constraintOfRoot)).toBeRejected({ by: 'server', reason: 'UNSPECIFIED' });
    added.rotate(otherwiseWrong);

    expect(await attempt(added, constraintOfRoot)).toBeRejected({ by: 'server', reason: 'UNSPECIFIED' });
    expect(await attempt(called, constraintOfRoot)).toBeRejected({ by: 'server', reason: 'UNSPECIFIED' });
  });

  test('at its own security level', async () => {
    const made = makeChain('client', { leaf: withKey(() => rsaKey(2048)) });

    expect(await presentToServer(made, {})).toBeAccepted();
    expect(await presentToServer(made, {}, { ciphers: 'DEFAULT@SECLEVEL=0:@SECLEVEL=3' })).toBeRejected({
      by: 'server',
      reason: 'EE_KEY_TOO_SMALL',
      alert: 'bad_certificate',
    });
  });
});

function reasonHere({ reason, onNode22 = reason }: HiddenCase): string {
  return process.versions.node.startsWith('22.') ? onNode22 : reason;
}

/** The same chain with what the defect needs and without the defect. */
function withoutDefect({ crls }: ChainChanges): ChainChanges {
  return crls ? { crls: [] } : {};
}

/** The client presents; the server trusts what is above. What is presented may be below the presenter's own security level. */
async function presentToServer(
  made: MadeChain,
  only: Pick<tls.SecureContextOptions, 'minVersion' | 'maxVersion'>,
  options: Partial<TlsServerOptions> = {},
): Promise<Handshake> {
  await using server = await startTlsServer({
    identity: pki.server(),
    trust: pemOf(made.anchors),
    ...(made.crls && { crl: crlPem(made.crls) }),
    ...options,
  });
  return await attemptHandshake(server, { identity: made.identity.trusting(pki), ciphers: 'DEFAULT@SECLEVEL=0', ...only });
}

async function presentToClient(made: MadeChain, only: Pick<tls.SecureContextOptions, 'minVersion' | 'maxVersion'>): Promise<Handshake> {
  await using server = await startTlsServer({ identity: made.identity, trust: pki, ciphers: 'DEFAULT@SECLEVEL=0' });
  return await attemptHandshake(server, {
    identity: pki.client(),
    trust: pemOf(made.anchors),
    ...(made.crls && { crl: crlPem(made.crls) }),
    ...only,
  });
}

function attempt(server: ObservedServer, made: MadeChain): Promise<Handshake> {
  return attemptHandshake(server, { identity: made.identity.trusting(pki) });
}

/** A server of the user's own. */
async function observed(options: tls.TlsOptions, observation: ObserveOptions = {}): Promise<ObservedServer> {
  const server = tls.createServer({ ...options, requestCert: true, rejectUnauthorized: true }, (socket) => socket.on('error', () => {}));
  const owner = observe(server, observation);
  onTestFinished(() => owner.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return owner;
}
