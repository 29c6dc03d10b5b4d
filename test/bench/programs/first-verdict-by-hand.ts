// The same by hand with selfsigned and node:tls. The verdict is the server's word: a TLS 1.3 client does not know whether it was let in.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { generate } from 'selfsigned';

const keyType = process.argv[2] === 'rsa' ? 'rsa' : 'ec';
const usual = { keyType, algorithm: 'sha256' } as const;
const name = (value: string): { name: string; value: string }[] => [{ name: 'commonName', value }];

const ca = await generate(name('ca'), {
  ...usual,
  extensions: [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, critical: true },
  ],
});
const signed = { ...usual, ca: { key: ca.private, cert: ca.cert } };
const serverLeaf = await generate(name('localhost'), {
  ...signed,
  extensions: [
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
  ],
});
const clientLeaf = await generate(name('alice'), { ...signed, extensions: [{ name: 'extKeyUsage', clientAuth: true }] });

const server = tls.createServer({
  key: serverLeaf.private,
  cert: serverLeaf.cert,
  ca: ca.cert,
  requestCert: true,
  rejectUnauthorized: true,
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo; // it listens on a port
const client = tls.connect({
  key: clientLeaf.private,
  cert: clientLeaf.cert,
  ca: ca.cert,
  port,
  host: '127.0.0.1',
  servername: 'localhost',
});
const [socket] = (await once(server, 'secureConnection')) as [tls.TLSSocket]; // what the event carries
process.stdout.write(socket.authorized ? 'accepted' : 'rejected');
client.destroy();
server.close();
