import { expect, test } from 'vitest';
import { attemptHandshake, createPki, type Identity, openConnection, type Pki } from '../../../src/index.ts';
import type { TlsVersion } from '../../../src/scenarios/index.ts';
import { describeWith } from '../judges.ts';
import { type Child, startChild } from '../peers/child.ts';
import { pemFields } from '../peers/programs.ts';
import { temporaryFolder } from '../temporary-folder.ts';

// It cannot reload, and answers one connection at a time: the suite, which tries a new connection beside the one that is open, is not for it.
describeWith('openssl')("OpenSSL's s_server", () => {
  test.for(['TLSv1.3', 'TLSv1.2'] as const)(
    'goes on with the connection of a client whose certificate has expired since, and refuses a new one (%s)',
    async (version) => {
      const pki = createPki();
      const server = await startReversing(pki, version);
      await using _ = server;
      const target = { host: '127.0.0.1', port: server.port };
      const brief = pki.client('brief', { validFor: 4000 });
      {
        await using connection = await openConnection(target, { identity: brief });
        expect(connection.handshake).toBeAccepted();
        expect(String(await connection.exchange('abc\n', { until: isLine }))).toBe('cba\n');

        await expiryOf(brief);

        expect(String(await connection.exchange('def\n', { until: isLine }))).toBe('fed\n');
      }

      expect(await attemptHandshake(target, { identity: brief })).toBeRejected({ by: 'server', alert: 'certificate_expired' });
      expect(await attemptHandshake(target, { identity: pki.client('control') })).toBeAccepted();
    },
  );
});

/** An s_server that sends each line back, its letters in reverse order. */
async function startReversing(pki: Pki, version: TlsVersion): Promise<AsyncDisposable & { readonly port: number }> {
  const folder = temporaryFolder();
  const [chain, key] = pemFields(pki.server(), folder);
  const own = ['-cert', chain, '-cert_chain', chain, '-key', key, '-CAfile', folder.write('trusted.pem', pki.anchors)];
  const verifying = ['-Verify', '100', '-verify_return_error', version === 'TLSv1.3' ? '-tls1_3' : '-tls1_2'];
  const child: Child = startChild('openssl', ['s_server', '-accept', '127.0.0.1:0', '-rev', ...own, ...verifying]);
  const [, port] = await child.until(/^ACCEPT .*:(\d+)$/mu);
  return {
    port: Number(port),
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

function isLine(received: Buffer): boolean {
  return received.includes('\n');
}

/** A certificate is valid to the end of the second that it names. */
async function expiryOf({ certificate }: Identity): Promise<void> {
  const left = certificate.validToDate.getTime() + 1000 - Date.now();
  await new Promise((resolve) => {
    setTimeout(resolve, left);
  });
}
