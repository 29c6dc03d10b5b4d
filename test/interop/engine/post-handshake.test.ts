// Authentication after the handshake and changes of keys, with OpenSSL's client and server.
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { runClientHandshake, runServerHandshake } from '../../../src/wire/engine/run-handshake.ts';
import { clientCredential, connect, credentialOf, pki, serverCredential } from '../../wire/engine/engine-peers.ts';
import { describeWith } from '../judges.ts';
import { startChild } from '../peers/child.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const own = pki.client('after');
const files = {
  chain: folder.write('chain.pem', own.chainPem),
  key: folder.write('key.pem', own.keyPem),
  anchors: folder.write('anchors.pem', pki.anchors),
};

describeWith('openssl')('OpenSSL', () => {
  test('s_client answers a CertificateRequest after the handshake, and a KeyUpdate', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // it listens on a port
    const accepted = once(server, 'connection') as Promise<[net.Socket]>; // what the event carries
    const args = ['-connect', `127.0.0.1:${port}`, '-tls1_3', '-enable_pha', '-quiet', '-no_ign_eof', '-CAfile', files.anchors];
    await using child = startChild('openssl', ['s_client', ...args, '-cert', files.chain, '-cert_chain', files.chain, '-key', files.key]);
    const [socket] = await accepted;
    const connection = await runServerHandshake(socket, { version: 'TLSv1.3', credential: serverCredential, timeout: 20_000 });
    expect(connection.peerCertificates).toEqual([]);

    const certificates = await connection.requestCertificate();
    await connection.updateKeys({ request: true });
    await connection.write(Buffer.from('after\n'));
    child.write('answer\n');

    expect(certificates[0]).toEqual(credentialOf(own).certificates[0]); // it sends the root as well
    expect(String(await connection.read())).toBe('answer\n');
    await child.until(/after/u);
    await connection.close();
    server.close();
  });

  test('s_server asks for a certificate after the handshake and gets it', async () => {
    const identity = pki.server();
    const [chain, key] = [folder.write('server.pem', identity.chainPem), folder.write('server-key.pem', identity.keyPem)];
    const args = ['-accept', '127.0.0.1:0', '-naccept', '1', '-tls1_3', '-cert', chain, '-cert_chain', chain, '-key', key];
    await using child = startChild('openssl', ['s_server', ...args, '-verify', '5', '-CAfile', files.anchors]);
    const [, port] = await child.until(/^ACCEPT .*:(\d+)$/mu);
    const sent: string[] = [];
    const connection = await runClientHandshake(connect(Number(port)), {
      version: 'TLSv1.3',
      credential: clientCredential,
      postHandshakeAuth: true,
      timeout: 20_000,
      edits: {
        'post-handshake': (messages) => {
          sent.push(...messages.map(({ name }) => name));
          return messages;
        },
      },
    });
    const read = connection.read();
    await child.until(/CIPHER is/u);
    child.write('c\n'); // a line for each of its reads: it looks at the first letter
    await expect.poll(() => sent, { timeout: 20_000 }).toEqual(['certificate', 'certificate_verify', 'finished']);
    child.write('hello\n');

    expect(String(await read)).toBe('hello\n');
    await connection.write(Buffer.from('behind the proof\n'));
    await child.until(/behind the proof/u); // so it has taken what came before
    await connection.close();
  });
});
