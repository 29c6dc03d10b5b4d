import { X509Certificate } from 'node:crypto';
import type { PeerCertificate } from '../../src/index.ts';
import type { LegitimatePeer } from '../../src/scenarios/catalogue/scenario.ts';

/** Whether an application lets a peer in, that authorizes exactly one identity; `bundle` is the PEM of the anchor of its trust domain. */
export type Authorizer = (peer: PeerCertificate, identity: string, bundle: string) => boolean;

/** A way to authorize. */
export type Way = keyof LegitimatePeer;

/** Each way as it should be. */
export const correctAuthorizers: Readonly<Record<Way, Authorizer>> = {
  commonName: (peer, identity) => isOnly(commonNames(peer), identity),
  subject: ({ subject }, identity) => subject.text === identity,
  spiffeId: ({ altNames }, identity) => isOnly(altNames.uri, identity),
  x509Svid: ({ altNames, isAuthority, keyUsage = [] }, identity) =>
    isOnly(altNames.uri, identity) && !isAuthority && !keyUsage.includes('keyCertSign') && !keyUsage.includes('cRLSign'),
  federatedSpiffeId: (peer, identity, bundle) => isOnly(peer.altNames.uri, identity) && isBelow(peer, bundle),
  userPrincipalName: (peer, identity) => isOnly(userPrincipalNames(peer), identity),
};

/** Mistakes, each with one of the scenarios that show it. */
export const wrongAuthorizers: readonly (readonly [name: string, way: Way, shownBy: string, authorizer: Authorizer])[] = [
  ['any client of the CA', 'commonName', 'identity-wrong-cn', () => true],
  ['a part of the common name', 'commonName', 'identity-cn-injection-comma', ({ commonName = '' }, id) => commonName.includes(id)],
  ['the end of the common name', 'commonName', 'identity-cn-injection-newline', ({ commonName = '' }, id) => commonName.endsWith(id)],
  ['the first of several common names', 'commonName', 'identity-multivalue-rdn', (peer, id) => commonNames(peer)[0] === id],
  ['the last of several common names', 'commonName', 'identity-multiple-cn', ({ commonName }, id) => commonName === id],
  ['any of several common names', 'commonName', 'identity-multiple-cn', (peer, id) => commonNames(peer).includes(id)],
  ['the subject as text', 'commonName', 'identity-multiple-cn', ({ subject }, id) => new RegExp(`\\bCN=${id}\\b`, 'u').test(subject.text)],
  ['the subject as Node prints it', 'commonName', 'identity-cn-injection-slash', (peer, id) => nodeSubject(peer).includes(`CN=${id}`)],
  ['either case', 'commonName', 'identity-cn-case', ({ commonName = '' }, id) => commonName.toLowerCase() === id],
  ['spaces trimmed', 'commonName', 'identity-cn-whitespace', ({ commonName = '' }, id) => commonName.trim() === id],
  ['a C string', 'commonName', 'identity-cn-nul', ({ commonName = '' }, id) => commonName.split('\0')[0] === id],
  [
    'letters that look alike',
    'commonName',
    'identity-cn-homoglyph',
    ({ commonName = '' }, id) => commonName.replaceAll('\u0456', 'i') === id,
  ],
  ['a plain object as the list', 'commonName', 'identity-proto-key', ({ commonName = '' }, id) => Boolean(listed(id)[commonName])],
  [
    'the common name of a longer subject',
    'subject',
    'identity-same-cn-other-ou',
    ({ commonName = '' }, id) => id.endsWith(`CN=${commonName}`),
  ],
  ['the trust domain as a prefix', 'spiffeId', 'spiffe-trust-domain-prefix', ({ spiffeId = '' }, id) => spiffeId.startsWith(originOf(id))],
  ['the id as a prefix', 'spiffeId', 'spiffe-too-long', (peer, id) => firstUri(peer).startsWith(id)],
  ['the path alone', 'spiffeId', 'spiffe-wrong-trust-domain', ({ spiffeId = '' }, id) => pathOf(spiffeId) === pathOf(id)],
  ['any of several URI names', 'spiffeId', 'spiffe-multiple-uri-san', ({ altNames }, id) => altNames.uri.includes(id)],
  ['the first SPIFFE id', 'spiffeId', 'spiffe-uri-plus-http-uri', ({ altNames }, id) => altNames.uri.find(isSpiffe) === id],
  ['no id, no check', 'spiffeId', 'spiffe-no-uri-san', ({ spiffeId }, id) => spiffeId === undefined || spiffeId === id],
  ['either case of the id', 'spiffeId', 'spiffe-uppercase-trust-domain', (peer, id) => firstUri(peer).toLowerCase() === id],
  ['any scheme', 'spiffeId', 'spiffe-wrong-scheme', ({ altNames: { uri } }, id) => uri[0]?.split('://')[1] === id.split('://')[1]],
  ['host and path of a URL', 'spiffeId', 'spiffe-with-port', (peer, id) => placeOf(firstUri(peer)) === placeOf(id)],
  ['a URL, which resolves dots', 'spiffeId', 'spiffe-dot-segments', (peer, id) => URL.parse(firstUri(peer))?.href === id],
  ['the id decoded', 'spiffeId', 'spiffe-percent-encoded', (peer, id) => decodeURI(firstUri(peer)) === id],
  ['slashes trimmed', 'spiffeId', 'spiffe-trailing-slash', (peer, id) => firstUri(peer).replace(/\/+$/u, '') === id],
  [
    'the SPIFFE id below any anchor',
    'federatedSpiffeId',
    'spiffe-federated-other-domains-ca',
    ({ altNames }, id) => isOnly(altNames.uri, id),
  ],
  ['a C string of a user', 'userPrincipalName', 'upn-embedded-nul', (peer, id) => isOnly(userPrincipalNames(peer).map(cString), id)],
  [
    'a C string of a user, in two octets a character',
    'userPrincipalName',
    'san-othername-nul-bmpstring',
    (peer, id) => userPrincipalNames(peer).some((name) => cString(name) === id),
  ],
  ['the SPIFFE id of whatever certificate', 'x509Svid', 'spiffe-signing-cert-as-leaf', ({ spiffeId }, id) => spiffeId === id],
];

/** Not `spiffeId`, which is there for valid ids only. */
function firstUri({ altNames: { uri } }: PeerCertificate): string {
  return uri[0] ?? '';
}

function isOnly(names: readonly string[], identity: string): boolean {
  return names.length === 1 && names[0] === identity;
}

function commonNames({ subject }: PeerCertificate): string[] {
  return subject.parts.filter(({ type }) => type === 'commonName').map(({ value }) => value);
}

function userPrincipalNames({ altNames: { otherName = [] } }: PeerCertificate): string[] {
  return otherName.flatMap(({ oid, value }) => (oid === '1.3.6.1.4.1.311.20.2.3' ? [value ?? ''] : []));
}

function cString(text: string): string {
  return text.split('\0')[0] ?? '';
}

/** Whether the last certificate that was sent is issued by the anchor. */
function isBelow({ pem, chain }: PeerCertificate, bundle: string): boolean {
  return new X509Certificate(chain.at(-1)?.pem ?? pem).verify(new X509Certificate(bundle).publicKey);
}

function nodeSubject({ pem }: PeerCertificate): string {
  return new X509Certificate(pem).subject;
}

function listed(identity: string): Readonly<Record<string, unknown>> {
  return { [identity]: 'reader' };
}

function isSpiffe(uri: string): boolean {
  return uri.startsWith('spiffe://');
}

function originOf(id: string): string {
  return id.split('/').slice(0, 3).join('/');
}

function pathOf(id: string): string {
  return `/${id.split('/').slice(3).join('/')}`;
}

function placeOf(id: string): string {
  const { hostname, pathname } = URL.parse(id) ?? { hostname: '', pathname: '' };
  return `${hostname}${pathname}`;
}
