import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  attemptHandshake,
  createPki,
  identityFromPem,
  inspectCertificate,
  MtlsFixturesError,
  observe,
  type ObservedServer,
  restorePki,
  selfSignedIdentity,
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
  writeFiles,
} from '../../src/index.ts';
import { clientScenarios, runScenario, sendClientFault, startFaultServer, startRevocationServer } from '../../src/scenarios/index.ts';
import { forwardedHeaders, parseForwardedHeaders } from '../../src/forwarded/index.ts';
import { certificateOptionNames } from '../../src/pki/certificate-parts.ts';

const pki = createPki();
const identity = pki.server();
const client = pki.client();
const scenario = clientScenarios[0] ?? raise('the catalogue is empty');
let server: ObservedServer;
beforeAll(async () => {
  server = await startTlsServer({ identity });
});
afterAll(() => server.close());

/** What a test in JavaScript, or with a cast too many, hands over where something else belongs. */
const oddValues: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['false', false],
  ['true', true],
  ['NaN', Number.NaN],
  ['-1', -1],
  ['0.5', 0.5],
  ['1e300', 1e300],
  ['a bigint', 2n],
  ['empty text', ''],
  ['text', 'odd'],
  ['text with a control character', 'a\u{0}b'],
  ['a symbol', Symbol('odd')],
  ['a function', () => {}],
  ['an empty list', []],
  ['a list of null', [null]],
  ['a list of undefined', [undefined]],
  ['a list of symbols', [Symbol('odd')]],
  ['an object', {}],
  ['an object without prototype', Object.create(null)],
  ['an invalid date', new Date(Number.NaN)],
  ['bytes', Uint8Array.of(0x30, 0x80)],
];

/** `never` goes anywhere: what is handed over is nothing that the types allow. */
type Call = (value: never) => unknown;

const leafOptions = [...certificateOptionNames, 'dns', 'ip', 'uri', 'email', 'mustStaple', 'unknown'];
const authorityOptions = [...certificateOptionNames, 'pathLength', 'nameConstraints'];
const serverOptions = [
  'identity',
  'trust',
  'crl',
  'clientAuth',
  'certificateMessage',
  'staple',
  'host',
  'exposed',
  'port',
  'rejection',
  'verifyPeer',
  'clientQuietPeriod',
  'quietPeriod',
  'maxHandshakes',
  'hosts',
  'timeout',
  'minVersion',
  'maxVersion',
  'ALPNProtocols',
  'ciphers',
  'key',
  'cert',
  'ca',
  'SNICallback',
];
const attemptOptions = [
  'identity',
  'trust',
  'crl',
  'servername',
  'verifyPeer',
  'certificateMessage',
  'timeout',
  'quietPeriod',
  'signal',
  'lookup',
  'family',
  'localAddress',
  'localPort',
  'minVersion',
  'maxVersion',
  'ALPNProtocols',
  'ciphers',
  'session',
  'host',
  'port',
  'starttls',
];
const each = (names: readonly string[], label: string, call: (options: Record<string, never>) => unknown): [string, Call][] =>
  names.map((name) => [`${label} ${name}`, (value) => call({ [name]: value })]);

const calls: readonly (readonly [string, Call])[] = [
  ['createPki', (value) => createPki(value)],
  ...each(['name', 'keyAlgorithm', 'validFor', 'intermediates', 'permitted'], 'createPki', (options) => createPki(options)),
  ['client', (value) => pki.client(value)],
  ['client options', (value) => pki.client('a', value)],
  ['server options', (value) => pki.server(value)],
  ...each(leafOptions, 'client', (options) => pki.client('a', options)),
  ...each(leafOptions, 'issue', (options) => pki.issuer.issue(options)),
  ['issue', (value) => pki.issuer.issue(value)],
  ...each(authorityOptions, 'issueAuthority', (options) => pki.root.issueAuthority(options)),
  ['issueAuthority', (value) => pki.root.issueAuthority(value)],
  ['revoke', (value) => createPki().issuer.revoke(value)],
  ['revoke options', (value) => createPki().issuer.revoke(client, value)],
  ...each(['reason', 'date'], 'revoke', (options) => {
    const other = createPki();
    other.issuer.revoke(other.client(), options);
  }),
  ['crl', (value) => pki.issuer.crl(value)],
  ...each(['thisUpdate', 'nextUpdate', 'number'], 'crl', (options) => createPki().issuer.crl(options)),
  ['ocspResponse', (value) => pki.issuer.ocspResponse(value)],
  ['ocspResponse options', (value) => pki.issuer.ocspResponse(client, value)],
  ...each(
    ['status', 'thisUpdate', 'nextUpdate', 'responseStatus', 'responder', 'signedBy', 'responderId', 'hash'],
    'ocspResponse',
    (options) => pki.issuer.ocspResponse(client, options),
  ),
  ['answerOcsp', (value) => pki.issuer.answerOcsp(value)],
  ['trusting', (value) => client.trusting(value)],
  ['forPlaywright', (value) => client.forPlaywright(value)],
  ['pkcs12', (value) => client.pkcs12(value)],
  ['identityFromPem', (value) => identityFromPem(value)],
  ...each(['cert', 'key', 'ca'], 'identityFromPem', (options) => identityFromPem({ ...client.tls, ...options })),
  ['inspectCertificate', (value) => inspectCertificate(value)],
  ['restorePki', (value) => restorePki(value)],
  ...each(['version', 'name', 'authorities', 'keyAlgorithm', 'validFor', 'permitted'], 'restorePki', (options) =>
    restorePki({ ...pki.serialize(), ...options }),
  ),
  ['selfSignedIdentity', (value) => selfSignedIdentity(value)],
  ...each(['commonName', 'dns', 'ip', 'uri', 'keyAlgorithm', 'notBefore', 'notAfter', 'validFor'], 'selfSignedIdentity', (options) =>
    selfSignedIdentity(options),
  ),
  ['writeFiles', (value) => writeFiles(value)],
  ['observe', (value) => observe(value)],
  ['startTlsServer', (value) => startTlsServer(value)],
  ['startHttpsServer', (value) => startHttpsServer(value, { identity })],
  ['startHttpsServer options', (value) => startHttpsServer(() => {}, value)],
  ...each(serverOptions, 'startTlsServer', (options) => startTlsServer({ identity, ...options })),
  ...each(serverOptions, 'startHttp2Server', (options) => startHttp2Server(() => {}, { identity, ...options })),
  ['rotate', (value) => server.rotate(value)],
  ...each(['identity', 'trust', 'crl', 'staple'], 'rotate', (options) => server.rotate(options)),
  ['nextHandshake', (value) => server.nextHandshake(value)],
  ...each(['timeout'], 'nextHandshake', (options) => server.nextHandshake(options)),
  ['attemptHandshake', (value) => attemptHandshake(value)],
  ['attemptHandshake options', (value) => attemptHandshake(server, value)],
  ...each(attemptOptions, 'attemptHandshake', (options) => attemptHandshake(server, { identity: client, timeout: 2000, ...options })),
  ...each(['host', 'port', 'servername', 'starttls'], 'endpoint', (options) =>
    attemptHandshake({ host: '127.0.0.1', port: server.port, ...options }, { identity: client, timeout: 300 }),
  ),
  ['startFaultServer', (value) => startFaultServer(value)],
  ['startFaultServer options', (value) => startFaultServer({ kind: 'stall' }, value)],
  ...each(
    ['timeout', 'host', 'exposed', 'port', 'identity', 'trust', 'minVersion', 'maxVersion', 'ALPNProtocols', 'onConnection'],
    'startFaultServer',
    (options) => startFaultServer({ kind: 'stall' }, options),
  ),
  ['sendClientFault', (value) => sendClientFault(value, { kind: 'wrong-finished' })],
  ['sendClientFault fault', (value) => sendClientFault(server, value)],
  ['sendClientFault options', (value) => sendClientFault(server, { kind: 'wrong-finished' }, value)],
  ...each(['timeout', 'servername', 'identity', 'minVersion', 'maxVersion', 'request'], 'sendClientFault', (options) =>
    sendClientFault(server, { kind: 'wrong-finished' }, { identity: client, timeout: 300, ...options }),
  ),
  ['forwardedHeaders', (value) => forwardedHeaders(value, 'nginx')],
  ['forwardedHeaders format', (value) => forwardedHeaders(client, value)],
  ['forwardedHeaders options', (value) => forwardedHeaders(client, 'nginx', value)],
  ...each(['verified', 'chain', 'by', 'names', 'unknown'], 'forwardedHeaders', (options) => forwardedHeaders(client, 'nginx', options)),
  ...each(['certificate', 'verify', 'chain'], 'forwardedHeaders names', (names) => forwardedHeaders(client, 'nginx', { names })),
  ['parseForwardedHeaders', (value) => parseForwardedHeaders(value, 'nginx')],
  ['parseForwardedHeaders format', (value) => parseForwardedHeaders({}, value)],
  ['parseForwardedHeaders options', (value) => parseForwardedHeaders({}, 'nginx', value)],
  ...each(['names', 'hops'], 'parseForwardedHeaders', (options) => parseForwardedHeaders({}, 'nginx', options)),
  ...each(['x-ssl-cert'], 'parseForwardedHeaders headers', (headers) => parseForwardedHeaders(headers, 'nginx')),
  ['startRevocationServer', (value) => startRevocationServer(value)],
  ['startRevocationServer options', (value) => startRevocationServer(pki, value)],
  ...each(['ocsp', 'crl', 'host', 'exposed', 'port', 'answers'], 'startRevocationServer', (options) => startRevocationServer(pki, options)),
  ['runScenario', (value) => runScenario(value, { pki, target: server })],
  ['runScenario options', (value) => runScenario(scenario, value)],
  ...each(['pki', 'target', 'version', 'timeout', 'stack', 'expected', 'authorizes', 'startPeer'], 'runScenario', (options) =>
    runScenario(scenario, { pki, target: server, timeout: 300, ...options }),
  ),
];

describe.concurrent.for(calls)('%s', ([, call]) => {
  test.for(oddValues)('takes %s, or refuses it by an error of its own', async ([, value]) => {
    expect(await outcomeOf(call, value)).toMatch(/^(?:taken|refused)$/u);
  });
});

async function outcomeOf(call: Call, value: unknown): Promise<string> {
  try {
    const result: unknown = await call(value as never);
    await end(result);
    return 'taken';
  } catch (error) {
    return error instanceof MtlsFixturesError ? 'refused' : String(error);
  }
}

function raise(problem: string): never {
  throw new Error(problem);
}

/** What was taken may have opened something. */
async function end(result: unknown): Promise<void> {
  if (typeof result !== 'object' || result === null) return;
  if (Symbol.asyncDispose in result) await (result as AsyncDisposable)[Symbol.asyncDispose]();
  if (Symbol.dispose in result) (result as Disposable)[Symbol.dispose]();
}
