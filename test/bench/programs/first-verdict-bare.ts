// What Node takes for it when the certificates are there already: no way of minting can be faster.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { TlsMaterial } from 'mtls-fixtures';

const { server: serverTls, client: clientTls } = JSON.parse(process.env['MATERIAL'] ?? '') as Record<'server' | 'client', TlsMaterial>; // the benchmark wrote it
const server = tls.createServer({ ...serverTls, requestCert: true, rejectUnauthorized: true });
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo; // it listens on a port
const client = tls.connect({ ...clientTls, port, host: '127.0.0.1', servername: 'localhost' });
const [socket] = (await once(server, 'secureConnection')) as [tls.TLSSocket]; // what the event carries
process.stdout.write(socket.authorized ? 'accepted' : 'rejected');
client.destroy();
server.close();
