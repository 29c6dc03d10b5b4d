import { describe, expect, test } from 'vitest';
import { type ErrorCode, type ErrorFacts, MtlsFixturesError } from '../../src/errors/index.ts';

// The compiler keeps this complete: a code without a row here does not type-check. Every fact has a value of its own.
const examples: { readonly [C in ErrorCode]: ErrorFacts[C] } = {
  OPTION_INVALID: { option: 'pathLength', value: '-1', expected: 'a number' },
  KEY_ALGORITHM_UNKNOWN: { algorithm: 'dsa', known: ['ec-p256', 'rsa-2048'] },
  KEY_ALGORITHM_UNAVAILABLE: { algorithm: 'ml-dsa-44', runtime: 'Node.js 22.12', needs: 'Node.js 24.6' },
  DATE_ORDER: { notBefore: '2027-01-01', notAfter: '2026-01-01' },
  NAME_INVALID: { kind: 'DNS name', value: 'a b', problem: 'it is not a host name' },
  SERIAL_NUMBER_INVALID: { value: '-7' },
  PEM_INVALID: { what: 'cert', value: 'BEGIN X', problem: 'it is not Base64' },
  DER_INVALID: { what: 'certificate', problem: 'it is cut off' },
  PKCS12_PASSWORD_WRONG: {},
  PKCS12_MAC_MISSING: {},
  PKCS12_ALGORITHM_UNSUPPORTED: { algorithm: 'RC2 with 40 bits' },
  PKCS12_KEY_MISSING: { certificates: 5005 },
  PKCS12_SEVERAL_KEYS: { names: ['key of alice', 'key of bob'] },
  PKCS12_CERTIFICATE_MISSING: { key: 'key of carol' },
  KEY_MISMATCH: { subject: 'CN=alice' },
  CA_PATH_LENGTH: { issuer: 'root CA' },
  NOT_THE_ISSUER: { subject: 'alice', issuer: 'one CA', authority: 'another CA' },
  FILE_EXISTS: { path: '/tmp/key.pem' },
  REPORT_INVALID: { path: 'report.json', problem: 'it is not JSON' },
  WRITE_FAILED: { path: '/tmp/report.xml', reason: 'ENOSPC: no space left on device' },
  READ_FAILED: { path: '/tmp/nginx.conf', reason: 'ENOENT: no such file or directory', advice: 'install the package again' },
  REMOVE_FAILED: { path: '/tmp/cert.pem', reason: 'EROFS: read-only file system' },
  LINKS_UNSUPPORTED: { directory: '/mnt/fat', reason: 'EPERM: operation not permitted' },
  FILES_REMOVED: { directory: '/tmp/gone', action: 'rotate' },
  ALREADY_DAMAGED: { path: '/tmp/ca.pem', damage: 'truncated' },
  BASELINE_INVALID: { path: 'reports/mtls.json', problem: 'it is not JSON' },
  SERIALIZED_PKI_INVALID: { problem: 'its version is 2' },
  TRUST_MISSING: { who: 'the client' },
  PORT_IN_USE: { host: '127.0.0.1', ports: '8443' },
  NOT_A_TLS_SERVER: { value: 'http.Server' },
  NOT_ONE_TLS_SERVER: { listening: ['127.0.0.1:1', '[::1]:1'], plain: ['127.0.0.1:2'] },
  ALREADY_OBSERVED: { url: 'https://localhost:1' },
  SERVER_NOT_LISTENING: { state: 'closed' },
  SERVER_START_FAILED: { problem: 'start returned "null"', advice: 'return a TLS server' },
  SERVER_START_TIMEOUT: { milliseconds: 10_000 },
  SERVER_CLOSE_TIMEOUT: { milliseconds: 5001, open: 3 },
  RELOAD_FAILED: { problem: 'reload threw "no disk"' },
  NO_HANDSHAKE: { milliseconds: 5002, url: 'https://localhost:2', seen: 4 },
  CONNECT_FAILED: { host: 'localhost', port: 1443, reason: 'ECONNREFUSED' },
  HOST_NOT_FOUND: { host: 'nowhere.test', reason: 'ENOTFOUND' },
  KEY_LOG_UNUSABLE: { path: '/tmp/keys.txt', problem: 'it is empty' },
  FORWARDED_TOO_LARGE: { upstream: '127.0.0.1:3001', octets: 20_001 },
  FORWARDED_UNSENDABLE: { problem: 'its name has a line feed' },
  UPSTREAM_ENDED: { upstream: '127.0.0.1:3002', when: 'before it answered' },
  UPSTREAM_FAILED: { upstream: '127.0.0.1:3003', reason: 'ECONNREFUSED' },
  UPSTREAM_INVALID: { upstream: '127.0.0.1:3004', problem: 'Parse Error' },
  UPSTREAM_THREW: { problem: 'no such row' },
  FORWARDED_INVALID: { header: 'Client-Cert', problem: 'it came twice' },
  SVID_INVALID: { certificate: 'spiffe://example.test/web', clause: 'X509-SVID 4.3', problem: 'it has no keyUsage' },
  SOCKET_IN_USE: { path: '/run/a.sock', problem: 'another server listens there' },
  WORKLOAD_API_FAILED: { endpoint: 'unix:///run/a.sock', problem: 'PERMISSION_DENIED: no identity issued' },
  HANDSHAKE_TIMEOUT: { host: 'localhost', port: 2443, milliseconds: 5003, seen: 'a ClientHello' },
  NOT_TLS: { host: 'localhost', port: 3443, received: 'HTTP/1.1 400' },
  CLOSED_BEFORE_TLS: { host: 'localhost', port: 4443, how: 'reset the connection' },
  CONNECTION_OVER: { place: '127.0.0.1:443', how: 'the server closed it' },
  NO_ANSWER: { place: '127.0.0.1:443', milliseconds: 5000 },
  RECORDS_AMBIGUOUS: { host: 'db.test', port: 5432, seen: 'the client left first' },
  CONNECTION_CUT: { host: '127.0.0.1', port: 443, how: 'closed the connection', seen: 'the server sent 1 record(s), last "handshake"' },
  ABORTED: { host: '127.0.0.1', port: 443, seen: 'the server sent nothing' },
  STARTTLS_REFUSED: { host: 'localhost', port: 5443, protocol: 'postgres', answer: 'FATAL: too many clients' },
  STARTTLS_FAILED: { host: 'localhost', port: 6443, protocol: 'smtp', problem: 'does not speak SMTP', answer: 'SSH-2.0' },
  HANDSHAKE_ENDED: { step: 'server finished', how: 'nothing came within 5000 ms' },
  FLIGHT_EDIT_INVALID: {
    flight: 'client',
    message: 'certificate',
    problem: 'the flight holds change_cipher_spec, finished',
    present: ['change_cipher_spec', 'finished'],
  },
  PACKAGE_MISSING: { name: 'testcontainers', install: 'testcontainers@12' },
  RUNTIME_UNSUPPORTED: { action: 'observe a server', runtime: 'Bun 1.4.5', problem: 'its TLS is another', advice: 'run it on Node.js' },
  NO_CONTAINER_ENGINE: { dockerHost: 'tcp://192.0.2.1:2375', reason: 'no strategy works' },
  NO_HOST_GATEWAY: { host: '192.0.2.1' },
  IMAGE_UNAVAILABLE: { image: 'postgres:17', reason: 'no matching manifest for linux/s390x' },
  CONTAINER_NOT_READY: { image: 'postgres:17', problem: 'it stopped with exit code 1', log: 'FATAL: no key' },
  CLIENT_CERTIFICATE_NOT_REQUIRED: { host: 'localhost', port: 32768 },
  MATCHER_MISUSE: { matcher: 'toBeAccepted', expected: 'a handshake', received: 'number' },
};

describe.for(Object.keys(examples).filter(isCode))('%s', (code) => {
  const error = new MtlsFixturesError(code, examples[code]);

  test('says what cannot be done, and in which state', () => {
    expect(error.message).toMatch(/^Cannot [a-z].+: .+/u);
    // Only the log of a program is quoted below its sentence.
    expect(error.message.replace(/its log:\n[^]*$/u, '')).not.toMatch(/undefined|\[object|\n|\.$/u);
  });

  test('quotes every one of its facts', () => {
    for (const fact of Object.values(examples[code]).flat()) expect(error.message).toContain(String(fact));
  });

  test('carries code and facts beside the message', () => {
    expect(error).toMatchObject({ name: 'MtlsFixturesError', code, facts: examples[code] });
    expect(error).toBeInstanceOf(Error);
  });
});

function isCode(key: string): key is ErrorCode {
  return Object.hasOwn(examples, key);
}
