// From nothing to a verdict about a client.
import { attemptHandshake, createPki, startTlsServer } from 'mtls-fixtures';

const pki = createPki();
const server = await startTlsServer({ identity: pki.server() });
const { verdict } = await attemptHandshake(server, { identity: pki.client('alice') });
process.stdout.write(verdict);
await server.close();
