import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { forwardedHeaders } from '../../../src/forwarded/index.ts';
import { attemptHandshake, createPki, identityFromPem, startTlsServer } from '../../../src/index.ts';
import { folder as newFolder, shell } from '../shell.ts';
import { startCommand } from '../running-command.ts';
import { runCommand } from '../transcripts.ts';
import { testWith } from '../../interop/judges.ts';

interface Announcement {
  readonly url: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

test('serve prints where its files are and each handshake, ends when it is interrupted, and removes its files', async () => {
  await using command = startCommand(['serve', '--json']);
  const { url, ca, cert, key }: Announcement = JSON.parse(await command.line());
  const identity = identityFromPem({ ca: read(ca), cert: read(cert), key: read(key) });
  const { port } = new URL(url);

  const response = await request(url, { dispatcher: new Agent({ connect: identity.tls }) });
  const first: object = JSON.parse(await command.line());
  const rejected = await attemptHandshake({ host: '127.0.0.1', port: Number(port) }, { trust: identity });
  const second: object = JSON.parse(await command.line());
  const exitCode = await command.interrupt();

  expect([await response.body.text(), rejected.verdict]).toEqual(['hello client\n', 'rejected']);
  expect(first).toMatchObject({ verdict: 'accepted', client: { subject: 'CN=client' } });
  expect(second).toMatchObject({ verdict: 'rejected', reason: 'PEER_DID_NOT_RETURN_A_CERTIFICATE' });
  expect(exitCode).toBe(0);
  expect(existsSync(path.dirname(key))).toBe(false);
});

testWith('curl')('the curl command that serve prints works, and serve ends after the requested number of handshakes', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-serve-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await runCommand(['pki', 'pki', '--client', 'alice', '--tier', 'app'], folder);
  await using command = startCommand(['serve', '--pki', path.join(folder, 'pki'), '--count', '1']);
  const lines = [await command.line(), await command.line(), await command.line()];
  const curl = lines[2]?.trim() ?? '';

  const { stdout } = await promisify(execFile)('sh', ['-c', `${curl} --silent`]);
  const line = await command.untilLine(/accepted|rejected/u);

  expect(lines[0]).toMatch(/^listening on https:\/\/localhost:\d+; trusts clients of/u);
  expect(stdout).toBe('hello alice\n');
  expect(line).toMatch(/^accepted: "CN=alice"; TLSv1\.3/u);
  expect(await command.ended).toBe(0);
});

// On Node 24.21 and 26.10 getPeerCertificate() ends the process for such a key.
testWith('openssl').for(['brainpoolP256r1', 'brainpoolP384r1'])(
  'serve answers a client whose key is on a curve without a NIST name: %s',
  async (curve) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'mtls-fixtures-serve-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    const newKey = ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-nodes', '-keyout', key];
    await promisify(execFile)('openssl', ['req', '-x509', ...newKey, '-out', cert, '-subj', '/CN=odd', '-days', '1']);
    await using command = startCommand(['serve', '--client-auth', 'request', '--json']);
    const { url, ca }: Announcement = JSON.parse(await command.line());
    const ask = async (credential: object): Promise<string> => {
      const { body } = await request(url, { dispatcher: new Agent({ connect: { ca: read(ca), ...credential } }) });
      return body.text();
    };

    const answers = [await ask({}), await ask({ key: read(key), cert: read(cert) }), await ask({})];

    expect(answers).toEqual(['hello client without certificate\n', 'hello odd\n', 'hello client without certificate\n']);
    expect(await command.interrupt()).toBe(0);
  },
);

test('serve --forward is a gateway: it prints each request with its status and the client that it named, and ends after the requested number of them', async () => {
  const application = http.createServer((incoming, response) => response.end(String(incoming.headers['x-forwarded-client-cert'])));
  application.listen(0, '127.0.0.1');
  await once(application, 'listening');
  onTestFinished(() => void application.close());
  const forward = `http://127.0.0.1:${(application.address() as AddressInfo).port}`;
  await using command = startCommand(['serve', '--forward', forward, '--format', 'envoy', '--json', '--count', '2']);
  const { url, ca, cert, key }: Announcement = JSON.parse(await command.line());
  const identity = identityFromPem({ ca: read(ca), cert: read(cert), key: read(key) });
  const dispatcher = new Agent({ connect: identity.tls });
  onTestFinished(() => dispatcher.close());

  const { body } = await request(`${url}/a?b=c`, { dispatcher, headers: { 'x-forwarded-client-cert': 'By=forged' } });
  const text = await body.text();
  // Either may come first: the request is answered while the handshake is still being judged.
  const lines: object[] = [JSON.parse(await command.line()), JSON.parse(await command.line())];
  const [handshake, first] = [lines.find((line) => 'verdict' in line), lines.find((line) => 'method' in line)];
  application.close();
  application.closeAllConnections();
  const failed = await request(url, { dispatcher });
  await failed.body.dump();
  const second: object = JSON.parse(await command.line());

  const headers = Object.entries(forwardedHeaders(identity, 'envoy'));
  expect(text).toBe(headers[0]?.[1]);
  expect(handshake).toMatchObject({ verdict: 'accepted', client: { subject: 'CN=client' } });
  expect(first).toEqual({ method: 'GET', path: '/a?b=c', protocol: 'HTTP/2', status: 200, client: 'CN=client', headers });
  expect(second).toMatchObject({ path: '/', status: 502, error: 'UPSTREAM_FAILED' });
  expect(await command.ended).toBe(0);
});

test.for<[what: string, line: string, complaint: RegExp]>([
  [
    'an unknown format',
    '--forward http://127.0.0.1:1 --format envoi',
    /^Cannot use format "envoi": expected one of [^\n]+ did you mean "envoy"\? \(OPTION_INVALID\)\n$/u,
  ],
  [
    'what is not a URL',
    '--forward localhost:3000',
    /^Cannot use --forward "localhost:3000": expected a URL such as http:\/\/127[^\n]+\n$/u,
  ],
  ['an https URL', '--forward https://localhost:3000', /^Cannot use --forward "https:[^\n]+\n$/u],
  ['a port that is none', '--forward http://localhost:99999', /^Cannot use upstream "http:\/\/localhost:99999"[^\n]+\n$/u],
  ['a format alone', '--format envoy', /^Cannot use --format "envoy": expected --forward beside it[^\n]+\n$/u],
])('serve with %s is one line and code 2', async ([, line, pattern]) => {
  const { code, output, complaint } = await shell(`mtls serve ${line}`, newFolder());

  expect(complaint).toMatch(pattern);
  expect([code, output]).toEqual([2, '']);
});

test('serve on a port that is in use is one line and code 3', async () => {
  await using other = await startTlsServer({ identity: createPki().server() });

  const { output, exitCode } = await runCommand(['serve', '--port', String(other.port)], os.tmpdir());

  expect(output).toMatch(/^Cannot listen on "127\.0\.0\.1" port "\d+": it is in use; [^\n]+\n$/u);
  expect(exitCode).toBe(3);
});

test.for(['/dev/null', '/proc/none', '/nowhere'])(
  'serve that cannot write its files ends, with one line and code 2: TMPDIR=%s',
  async (place) => {
    const { code, output, complaint } = await shell(`TMPDIR=${place} mtls serve`, os.tmpdir());

    expect(complaint).toMatch(/^Cannot write "[^\n]+ \(WRITE_FAILED\)\n$/u);
    expect([code, output]).toEqual([2, '']);
  },
);

test.for<[what: string, make: string, problem: string]>([
  ['a pipe', 'mkfifo made/pki.json', 'it is not a file'],
  ['an endless device', 'ln -s /dev/zero made/pki.json', 'it is not a file'],
  ['a folder', 'mkdir made/pki.json', 'it is not a file'],
  ['nothing', 'true', 'ENOENT'],
  ['no JSON', 'echo "{" > made/pki.json', 'it is not JSON'],
  ['another JSON', 'echo "{}" > made/pki.json', 'its version is'],
])('a PKI whose file is %s is one line and code 2', async ([, make, problem]) => {
  const { code, output, complaint } = await shell(`mkdir made && ${make} && mtls serve --pki made`, newFolder());

  expect(complaint).toMatch(/^Cannot use --pki "made": [^\n]+ \(OPTION_INVALID\)\n$/u);
  expect(complaint).toContain(`(made/pki.json: ${problem}`);
  expect([code, output]).toEqual([2, '']);
});

test.for([
  ['', [expect.stringMatching(/^Warning: "0\.0\.0\.0" is reached from other machines[^\n]+ --exposed [^\n]+$/u)]],
  ['--exposed', []],
] as const)('serve on every address warns in one line, unless it is meant: %s', async ([option, warnings]) => {
  const { complaint } = await shell(`mtls serve --host 0.0.0.0 ${option} > /dev/full`, os.tmpdir());

  expect(complaint.split('\n').filter((line) => line.toLowerCase().includes('warning'))).toEqual(warnings);
});

function read(file: string): string {
  return readFileSync(file, 'utf8');
}
