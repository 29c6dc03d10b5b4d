import type net from 'node:net';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { describeWith, run, type Tool } from '../../interop/judges.ts';
import { temporaryFolder } from '../../interop/temporary-folder.ts';
import { echoServer, observed, pki } from '../../handshake/user-server.ts';
import { startClearTextServer, willing } from './clear-text-server.ts';
import '../../../src/vitest/setup.ts'; // the matchers: this test looks at handshakes, which tests of this layer do not by default

const openssl: Tool = 'openssl';
const client = pki.client('judge');
const folder = temporaryFolder();
const anchors = folder.write('anchors.pem', client.anchors);
const chain = folder.write('chain.pem', client.chainPem);
const key = folder.write('key.pem', client.keyPem);

afterAll(() => folder[Symbol.dispose]());

// The servers by which our client is tested are themselves judged: another client has to get through them.
describeWith(openssl)("OpenSSL's client", () => {
  test.for(['postgres', 'mysql', 'smtp', 'imap', 'ldap', 'pop3', 'ftp'] as const)(
    'takes our clear-text server for one of %s, and shakes hands behind it',
    async (protocol) => {
      const tlsServer = await observed(echoServer());
      const upgrade = (socket: net.Socket): void => void tlsServer.server.emit('connection', socket);
      const server = await startClearTextServer(willing(protocol), { upgrade });
      onTestFinished(() => server[Symbol.asyncDispose]());

      const credential = ['-cert', chain, '-cert_chain', chain, '-key', key, '-CAfile', anchors, '-verify_return_error'];
      const address = ['-connect', `127.0.0.1:${server.port}`, '-servername', 'localhost', '-verify_hostname', 'localhost'];
      const answer = await run('openssl', ['s_client', '-brief', '-starttls', protocol, ...address, ...credential]);

      expect(answer).toMatchObject({ status: 0, stderr: expect.stringContaining('Verification: OK') });
      const record = await tlsServer.nextHandshake();
      expect(record).toBeAccepted();
      expect(record).toHaveClientCertificate({ commonName: 'judge' });
    },
  );
});
