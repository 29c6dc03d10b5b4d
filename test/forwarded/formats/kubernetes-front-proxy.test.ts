import { expect, test } from 'vitest';
import { forwardedHeaders, forwardedLines } from '../../../src/forwarded/forwarded-headers.ts';
import { parseForwardedHeaders } from '../../../src/forwarded/parse-forwarded-headers.ts';
import { createPki } from '../../../src/pki/pki.ts';
import type { Subject } from '../../../src/x509/names/distinguished-name.ts';

// What k8s.io/apiserver (CommonNameUserConversion, AuthenticatedGroupAdder) and client-go (NewAuthProxyRoundTripper) 0.37.2 sent over HTTP/1.1 for certificates with these
// names, on 2026-11-30; 23 certificates were compared so.
const format = 'kubernetes-front-proxy';
const pki = createPki();
const client = (subject: Subject) => pki.client(undefined, { subject });

test('the user is the common name, and each organization is a group in a line of its own', () => {
  const bob = client({ organization: ['a', 'b, c', 'system:masters'], commonName: 'bob' });
  const fingerprint = bob.certificate.fingerprint256.replaceAll(':', '').toLowerCase();

  expect(forwardedLines(bob, format)).toEqual([
    ['X-Remote-Extra-Authentication.kubernetes.io%2fcredential-Id', `X509SHA256=${fingerprint}`],
    ['X-Remote-Group', 'a'],
    ['X-Remote-Group', 'b, c'],
    ['X-Remote-Group', 'system:masters'],
    ['X-Remote-Group', 'system:authenticated'],
    ['X-Remote-User', 'bob'],
  ]);
});

test('in an object the groups are a list, as http.request takes it', () => {
  expect(forwardedHeaders(client({ organization: 'a', commonName: 'bob' }), format)).toMatchObject({
    'X-Remote-User': 'bob',
    'X-Remote-Group': ['a', 'system:authenticated'],
  });
});

test.for<[what: string, subject: Subject, headers: object]>([
  ['the last of two common names', { commonName: ['first', 'second'] }, { 'X-Remote-User': 'second' }],
  ['octets of UTF-8', { commonName: 'Jörg' }, { 'X-Remote-User': 'J\u00c3\u00b6rg' }],
  ['no blanks around a value', { commonName: ' bob\t' }, { 'X-Remote-User': 'bob' }],
  [
    'a group that is there already once',
    { organization: 'system:authenticated', commonName: 'bob' },
    { 'X-Remote-Group': 'system:authenticated' },
  ],
  [
    "Kubernetes' attribute for the UID",
    [
      { type: 'CN', value: 'bob' },
      { type: '1.3.6.1.4.1.57683.2', value: 'client_id' },
    ],
    { 'X-Remote-Uid': 'client_id' },
  ],
])('%s', ([, subject, headers]) => {
  expect(forwardedHeaders(client(subject), format)).toMatchObject(headers);
});

test.for<[what: string, subject: Subject]>([
  ['without a common name', { organization: 'a' }],
  [
    'with two UIDs',
    [
      { type: 'CN', value: 'bob' },
      { type: '1.3.6.1.4.1.57683.2', value: 'one' },
      { type: '1.3.6.1.4.1.57683.2', value: 'two' },
    ],
  ],
])('a certificate %s is not a user', ([, subject]) => {
  expect(forwardedLines(client(subject), format)).toEqual([]);
});

test('a name that Go sends in no header is refused', () => {
  expect(() => forwardedLines(client({ commonName: 'bob\nX-Remote-Group: system:masters' }), format)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('control characters') }),
  );
});

test('user, groups and extra values are read, and there is no certificate', () => {
  const headers = [
    ['x-remote-user', 'J\u00c3\u00b6rg'],
    ['X-Remote-Group', 'a, b'],
    ['X-Remote-Group', ''],
    ['X-Remote-Group', 'c'],
    ['X-Remote-Extra-Acme.com%2FProject', 'one'],
    ['x-remote-extra-acme.com%2fproject', 'two'],
    ['X-Remote-Extra-Scopes', 'openid'],
  ] as const;

  expect(parseForwardedHeaders(headers, format)).toEqual({
    chain: [],
    fields: { user: 'Jörg', groups: ['a, b', 'c'], 'extra.acme.com/project': ['one', 'two'], 'extra.scopes': ['openid'] },
  });
});

test.for<[what: string, header: string, lines: [string, string][]]>([
  [
    'two users',
    'X-Remote-User',
    [
      ['X-Remote-User', 'a'],
      ['x-remote-user', 'b'],
    ],
  ],
  ['groups without a user', 'X-Remote-User', [['X-Remote-Group', 'system:masters']]],
  [
    'an empty user beside groups',
    'X-Remote-User',
    [
      ['X-Remote-User', ''],
      ['X-Remote-Group', 'system:masters'],
    ],
  ],
  [
    'two UIDs',
    'X-Remote-Uid',
    [
      ['X-Remote-User', 'a'],
      ['X-Remote-Uid', '1'],
      ['X-Remote-Uid', '2'],
    ],
  ],
  ['a user that is not UTF-8', 'X-Remote-User', [['X-Remote-User', 'J\u00f6rg']]],
  [
    'an escape that is cut off',
    'X-Remote-Extra-a%2',
    [
      ['X-Remote-User', 'a'],
      ['X-Remote-Extra-a%2', 'b'],
    ],
  ],
])('%s is malformed', ([, header, lines]) => {
  expect(() => parseForwardedHeaders(lines, format)).toThrow(
    expect.objectContaining({ code: 'FORWARDED_INVALID', facts: expect.objectContaining({ header }) }),
  );
});
