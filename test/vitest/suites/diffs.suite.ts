import { afterAll, beforeAll, expect, test } from 'vitest';
import { attemptHandshake, createPki, type Handshake, type ObservedServer, startTlsServer } from '../../../src/index.ts';

const pki = createPki();
let server: ObservedServer;
let handshake: Handshake;
beforeAll(async () => {
  server = await startTlsServer({ identity: pki.server() });
  handshake = await attemptHandshake(server, { identity: pki.client('alice') });
});
afterAll(() => server.close());

const bob = { commonName: 'bob' };

test('a part of a handshake', () => {
  expect(handshake).toMatchObject({ clientCertificate: bob });
});

test('a part of the first handshake', () => {
  expect(server.handshakes).toMatchObject([{ protocol: 'TLSv1.3', clientCertificate: bob }]);
});

test('a part that holds a matcher', () => {
  expect(handshake).toMatchObject({ durationMs: expect.any(Number), clientCertificate: expect.objectContaining(bob) });
});

test('a matcher for a part', () => {
  expect([handshake]).toEqual([expect.objectContaining({ clientCertificate: expect.objectContaining(bob) })]);
});

test('the whole', () => {
  expect(handshake).toEqual({ verdict: 'accepted', clientCertificate: bob });
});

test('what is computed when it is asked for', () => {
  expect([handshake]).toEqual([expect.objectContaining({ group: 'bob', records: expect.any(Array), messages: expect.any(Array) })]);
});

test('a property', () => {
  expect(handshake).toHaveProperty('clientCertificate.commonName', 'bob');
});

test('a server', () => {
  expect(server).toMatchObject({ port: server.port, url: 'bob', handshakes: [{ verdict: 'accepted' }] });
});

test('an identity', () => {
  expect([pki.client('alice')]).toEqual([expect.objectContaining({ name: 'bob' })]);
});

test('an identity in a part', () => {
  expect({ identity: pki.client('alice') }).toMatchObject({ identity: { name: 'bob', anchors: pki.anchors } });
});

test('an authority', () => {
  expect([pki.issuer]).toEqual([expect.objectContaining({ name: 'bob' })]);
});

test('a PKI', () => {
  expect([pki]).toEqual([expect.objectContaining({ name: 'bob', anchors: pki.anchors })]);
});

test('two identities', () => {
  expect(pki.client('alice')).toEqual(pki.client('bob'));
});

test('two identities of one name', () => {
  expect(pki.client('bob')).toEqual(pki.client('bob'));
});

test('two authorities', () => {
  expect(pki.issuer).toEqual(createPki().issuer);
});

test('two PKIs', () => {
  expect(pki).toEqual(createPki());
});

test('two handshakes', async () => {
  const other = await attemptHandshake(server, { identity: pki.client('bob') });
  expect({ ...handshake, durationMs: 0 }).toEqual({ ...other, durationMs: 0 });
});
