import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import type { ClientFault } from '../../src/faults/client/client-fault.ts';
import { sendClientFault } from '../../src/faults/client/send-client-fault.ts';
import { describeWith, type Tool } from '../interop/judges.ts';
import { temporaryFolder } from '../interop/temporary-folder.ts';
import { clientIdentity, only, serverIdentity, versions } from './node-peers.ts';

const openssl: Tool = 'openssl';
const folder = temporaryFolder();
const anchors = folder.write('anchors.pem', serverIdentity.anchors);
const chain = folder.write('chain.pem', serverIdentity.chainPem);
const key = folder.write('key.pem', serverIdentity.keyPem);

afterAll(() => folder[Symbol.dispose]());

/** OpenSSL's server, which requires client certificates and answers HTTP requests, until the test ends. */
async function startOpenssl(options: readonly string[] = []): Promise<{ host: string; port: number }> {
  const credential = ['-cert', chain, '-cert_chain', chain, '-key', key, '-CAfile', anchors, '-Verify', '3', '-verify_return_error'];
  const child = spawn(openssl, ['s_server', '-accept', '127.0.0.1:0', ...credential, '-www', ...options], { stdio: 'pipe' });
  onTestFinished(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    const port = /ACCEPT \S*:(\d+)/u.exec(output)?.[1];
    if (port !== undefined) {
      child.stdout.resume();
      child.stderr.resume();
      return { host: '127.0.0.1', port: Number(port) };
    }
  }
  throw new Error(`openssl s_server ended: ${output}`);
}

describeWith(openssl)("OpenSSL's server", () => {
  const early: readonly (readonly [ClientFault, string?])[] = [
    [{ kind: 'plaintext-http' }],
    [{ kind: 'http-connect' }],
    [{ kind: 'garbage' }],
    [{ kind: 'zero-bytes' }],
    [{ kind: 'sslv2-hello' }, 'protocol_version'],
    [{ kind: 'application-data-first' }, 'unexpected_message'],
    [{ kind: 'connect-and-close' }, 'decode_error'],
    [{ kind: 'truncated-client-hello' }, 'decode_error'],
    [{ kind: 'oversized-record' }, 'record_overflow'],
  ];

  test.for(early)('turns %o away', async ([fault, alert]) => {
    const server = await startOpenssl();

    const outcome = await sendClientFault(server, fault);

    expect(outcome).toMatchObject({ ended: 'closed', faultSent: true, applicationData: false });
    expect(outcome.alert?.name).toBe(alert);
  });

  test.for(versions)('over %s detects corrupted messages, and serves a slow client', async (version) => {
    const server = await startOpenssl();
    const options = { identity: clientIdentity, ...only(version) };

    const finished = await sendClientFault(server, { kind: 'wrong-finished' }, options);
    const signature = await sendClientFault(server, { kind: 'wrong-certificate-verify' }, options);
    const halfClosed = await sendClientFault(server, { kind: 'half-close' }, options);
    const slow = await sendClientFault(server, { kind: 'one-byte-at-a-time' }, options);
    const split = [
      await sendClientFault(server, { kind: 'split-client-hello', at: 'header' }, options),
      await sendClientFault(server, { kind: 'split-client-hello', at: 'server-name' }, options),
    ];

    expect(finished).toMatchObject({ faultSent: true, alert: { name: 'decrypt_error' }, applicationData: false });
    expect(signature).toMatchObject({ faultSent: true, alert: { name: 'decrypt_error' }, applicationData: false });
    expect(halfClosed).toMatchObject({ ended: 'closed', alert: { name: 'decode_error' }, applicationData: false });
    for (const outcome of [slow, ...split])
      expect(outcome).toMatchObject({ ended: 'closed', faultSent: true, protocol: version, applicationData: true });
  });

  test.for([
    ['client-hello-tls10', 'TLSv1'],
    ['client-hello-tls11', 'TLSv1.1'],
  ] as const)('answers %s only where its security level allows it', async ([kind, protocol]) => {
    const usual = await startOpenssl();
    const lax = await startOpenssl(['-cipher', 'DEFAULT@SECLEVEL=0', '-min_protocol', 'TLSv1']);

    const refused = await sendClientFault(usual, { kind });
    const answered = await sendClientFault(lax, { kind }, { timeout: 1500 });

    // OpenSSL 3.0 says internal_error to its own client of that version too, where it finds no digest that its level allows.
    expect(refused.alert?.name).toMatch(/^(?:protocol_version|internal_error)$/u);
    expect(refused.protocol).toBeUndefined();
    expect(answered).toMatchObject({ ended: 'still-open', protocol });
    expect(answered.alert).toBeUndefined();
  });
});
