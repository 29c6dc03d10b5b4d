import { attemptHandshake, createPki, type Handshake, startTlsServer } from '../../../src/index.ts';
import { AcceptedIdentities } from '../../../src/handshake/observe/accepted-identities.ts';
import { expect, test } from '../../../src/vitest/index.ts';

const past = new Date(Date.now() - 60_000);

test('the last identity is the one that was noted last, for each server name', async ({ pki, server, client }) => {
  const verified = await attemptHandshake(server, { identity: client });
  const accepted = new AcceptedIdentities();
  const [alice, bob, carol] = [pki.client('alice'), pki.client('bob'), pki.client('carol')];

  accepted.note(verified, { identity: alice });
  accepted.note(verified, { identity: bob, servername: 'localhost', trust: pki });
  accepted.note(verified, { identity: carol, servername: 'admin.test' });

  expect(accepted.last()).toEqual({ identity: bob, trust: pki });
  expect(accepted.last('localhost', bob)?.identity).toBe(alice);
  expect(accepted.last('localhost', bob.trusting(createPki().anchors))?.identity).toBe(alice); // the same certificate
  expect(accepted.last('admin.test')?.identity).toBe(carol);
  expect(accepted.last('www.test')).toBeUndefined();
});

test('an identity that has expired, is not valid yet or was revoked is passed over, one that was taken off the list is not', async ({
  pki,
  server,
  client,
}) => {
  const verified = await attemptHandshake(server, { identity: client });
  const accepted = new AcceptedIdentities();
  const [alice, held] = [pki.client('alice'), pki.client('held')];

  accepted.note(verified, { identity: alice });
  accepted.note(verified, { identity: held });
  accepted.note(verified, { identity: pki.client('old', { notAfter: past }) });
  accepted.note(verified, { identity: pki.client('early', { notBefore: new Date(Date.now() + 60_000) }) });

  expect(accepted.last()?.identity).toBe(held);
  pki.issuer.revoke(held, 'certificateHold');
  expect(accepted.last()?.identity).toBe(alice);
  pki.issuer.revoke(held, 'removeFromCRL');
  expect(accepted.last()?.identity).toBe(held);
});

test('only a handshake in which the server verified the certificate counts', async ({ pki, server, client }) => {
  await using requesting = await startTlsServer({ identity: pki.server(), trust: createPki(), clientAuth: 'request' });
  await using asking = await startTlsServer({ pki, clientAuth: 'none' });
  const verified = await attemptHandshake(server, { identity: client });
  const others: readonly Handshake[] = [
    await attemptHandshake(requesting, { identity: client }),
    await attemptHandshake(asking, { identity: client }),
    await attemptHandshake(server, { identity: createPki().client(), trust: pki }),
  ];
  const lastAfter = (handshake: Handshake, options: object = {}): string | undefined => {
    const accepted = new AcceptedIdentities();
    accepted.note(handshake, { identity: client, ...options });
    return accepted.last()?.identity.name;
  };

  expect(others.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted', 'rejected']);
  expect(lastAfter(verified)).toBe(client.name);
  expect(others.map((handshake) => lastAfter(handshake))).toEqual([undefined, undefined, undefined]);
  expect(lastAfter(verified, { identity: undefined })).toBeUndefined();
  expect(lastAfter(verified, { certificateMessage: [client.certificate.raw] })).toBeUndefined();
});

test('a few identities of a few names are remembered', async ({ pki, server, client }) => {
  const verified = await attemptHandshake(server, { identity: client });
  const accepted = new AcceptedIdentities();
  const identities = Array.from({ length: 6 }, (_, index) => pki.client(`client ${index}`));

  for (const identity of identities) accepted.note(verified, { identity });
  for (let index = 0; index < 60; index += 1) accepted.note(verified, { identity: client, servername: `${index}.test` });
  for (const identity of identities.slice(2)) pki.issuer.revoke(identity);

  expect(accepted.last()).toBeUndefined();
  expect(accepted.last('0.test')).toBeUndefined();
  expect(accepted.last('59.test')?.identity).toBe(client);
});
