import { describe } from 'vitest';
import { createPki, identityFromPem, type ObservedServer, type Pki, startTlsServer } from '../../src/index.ts';
import { expect, test } from '../../src/vitest/index.ts';

const past = new Date(Date.now() - 60_000);

/** The message of an expectation that fails. */
async function messageOfAsync(failing: Promise<void>): Promise<string> {
  try {
    await failing;
  } catch (error) {
    return (error as Error).message; // matchers reject with errors
  }
  throw new Error('the expectation held');
}

describe('matchers on a server', () => {
  test('try the client they are given', async ({ pki, server, client }) => {
    await expect(server).toAccept(client);
    await expect(server).not.toAccept(pki.client('old', { notAfter: past }));
    await expect(server).not.toAccept();
    await expect(server).toReject();
    await expect(server).toReject(pki.client('old', { notAfter: past }), { reason: 'CERT_HAS_EXPIRED', alert: 'certificate_expired' });
    await expect(server).toReject(undefined, { alert: 'handshake_failure', maxVersion: 'TLSv1.2' });
    await expect(server).not.toReject(client);
  });

  test('an untrusted client is rejected by the server, not by the client', async ({ server }) => {
    await expect(server).toReject(createPki().client(), { by: 'server', reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', alert: 'unknown_ca' });
  });

  test('fail with the transcript', async ({ server, client }) => {
    const message = await messageOfAsync(expect(server).toReject(client, { reason: 'CERT_HAS_EXPIRED' }));

    expect(message).toContain('expected the client to be rejected by the server with reason CERT_HAS_EXPIRED; it was accepted');
    expect(message).toContain('server API');
  });

  test('a server that rejects every client proves nothing', async ({ pki }) => {
    await using closed = await startTlsServer({ identity: pki.server(), verifyPeer: () => 'closed today' });

    const message = await messageOfAsync(expect(closed).toReject(pki.client('old', { notAfter: past }), { reason: 'CERT_HAS_EXPIRED' }));

    expect(message).toContain('the control was rejected too, it was rejected by the server: APPLICATION_VERIFICATION');
    await expect(messageOfAsync(expect(closed).not.toReject(pki.client()))).resolves.toContain('the control was rejected too');
  });

  test('a control can be given where clients come from another authority', async ({ pki }) => {
    const clients = createPki();
    await using server = await startTlsServer({ identity: pki.server(), trust: clients });

    await expect(server).toReject(pki.client(), { control: clients.client(), reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
    expect(await messageOfAsync(expect(server).toReject(pki.client()))).toContain('pass control');
  });

  test('report their misuse on another value', async ({ server }) => {
    await expect(messageOfAsync(expect('server').toAccept())).resolves.toContain('Cannot use toAccept on "string server"');
    // As JavaScript users may call it.
    await expect(messageOfAsync(expect(server).toReject('alice' as never))).resolves.toContain('Cannot use toReject on "string alice"');
  });
});

describe('the control of toReject, where none is given', () => {
  const withoutAuthority = async (): Promise<{ readonly pki: Pki; readonly server: ObservedServer }> => {
    const pki = createPki();
    const { chainPem, keyPem } = pki.server();
    return { pki, server: await startTlsServer({ identity: identityFromPem({ cert: chainPem, key: keyPem, ca: pki.anchors }) }) };
  };

  test('is the identity that toAccept saw accepted on that server, tried again', async () => {
    const { pki, server } = await withoutAuthority();
    const other = await withoutAuthority();
    const expired = pki.client('bob', { notAfter: past });

    expect(await messageOfAsync(expect(server).toReject(expired))).toContain('pass control');
    await expect(server).toAccept(pki.client('alice'));
    const before = server.handshakes.length;
    await expect(server).toReject(expired, { reason: 'CERT_HAS_EXPIRED' });

    expect(server.handshakes.slice(before).map(({ verdict, clientCertificate }) => [verdict, clientCertificate?.commonName])).toEqual([
      ['accepted', 'alice'],
      ['rejected', 'bob'],
    ]);
    expect(await messageOfAsync(expect(other.server).toReject(other.pki.client('bob', { notAfter: past })))).toContain('pass control');
    await server.close();
    await other.server.close();
  });

  test('is not one that was rejected, nor one that is rejected by now', async () => {
    const { pki, server } = await withoutAuthority();
    const alice = pki.client('alice');

    await expect(server).not.toAccept(pki.client('old', { notAfter: past }));
    expect(await messageOfAsync(expect(server).toReject(pki.client('bob', { notAfter: past })))).toContain('pass control');
    await expect(server).toAccept(alice);
    expect(await messageOfAsync(expect(server).toReject(alice))).toContain('pass control');
    server.rotate({ trust: createPki().anchors });
    expect(await messageOfAsync(expect(server).toReject(pki.client('bob', { notAfter: past })))).toContain('the control was rejected too');
    await server.close();
  });

  test('is a client of another authority where that was accepted', async ({ pki }) => {
    const clients = createPki();
    await using server = await startTlsServer({ identity: pki.server(), trust: clients });

    await expect(server).toAccept(clients.client());
    await expect(server).toReject(pki.client(), { reason: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' });
  });
});
