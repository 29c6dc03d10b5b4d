import { namesOfThisMachine } from '../../net/addresses.ts';
import { invalidOption, textOf } from '../../errors/index.ts';
import type { Identity } from '../../pki/identity.ts';
import { generateKey, type KeyAlgorithm } from '../../pki/key-algorithm.ts';
import type { Pki } from '../../pki/pki.ts';
import type { Side } from '../../wire/tap/capture.ts';
import { subjectAltName } from '../../x509/extensions.ts';
import { dnsName, ipName } from '../../x509/names/general-name.ts';
import { CredentialDraft } from '../drafts/credential-draft.ts';
import { userPrincipalName } from './credentials/names/names.ts';
import type { ServerMaterial, ServerNames, ValidPeers } from './protocol-scenario.ts';
import type { CredentialScenario, LegitimatePeer } from './scenario.ts';

/** What a scenario means for an application that authorizes one peer: the application has to decide, cannot be judged by it, or TLS decides. */
export type Authorization = 'application' | 'unsuitable' | 'tls';

/**
 * Who decides, where the side under test authorizes exactly this peer. A scenario of the tier `app` concerns it when it impersonates that very
 * peer; valid credentials that do not carry the peer's names cannot be told from bad ones.
 */
export function decidedBy(
  { tier, impersonates }: Pick<CredentialScenario, 'tier' | 'impersonates'>,
  authorizes: LegitimatePeer | undefined,
): Authorization {
  if (!authorizes) return 'tls';
  const [kind, name] = ruleOf(authorizes);
  if (tier === 'app') return impersonates?.[kind] === name ? 'application' : 'unsuitable';
  return tier === 'core' || (kind === 'commonName' && name === usualName) ? 'tls' : 'unsuitable';
}

/** A valid client that such an application accepts. */
export function legitimateClient(
  pki: Pki,
  authorizes: LegitimatePeer | undefined,
  options: { readonly keyAlgorithm?: KeyAlgorithm } = {},
): Identity {
  if (!authorizes) return pki.client(usualName, options);
  const [kind, name] = ruleOf(authorizes);
  if (kind === 'commonName') return pki.client(name, options);
  if (kind === 'subject') return pki.client(undefined, { subject: subjectFrom(name), ...options });
  if (kind === 'userPrincipalName') return withUserPrincipalName('client', { pki, name, ...options });
  return pki.client(usualName, { uri: name, ...options });
}

/** A valid server that such an application trusts. */
export function legitimateServer(pki: Pki, authorizes: LegitimatePeer | undefined, asked: ServerMaterial = {}): Identity {
  if (!authorizes) return pki.server(asked);
  const [kind, name] = ruleOf(authorizes);
  const own = { ...namesOfThisMachine, ...asked };
  if (kind === 'commonName') return pki.server({ ...own, commonName: name });
  if (kind === 'subject') return pki.server({ ...own, subject: subjectFrom(name) });
  if (kind === 'userPrincipalName') return withUserPrincipalName('server', { pki, name, own });
  return pki.server({ ...own, uri: name });
}

/** The peers that a side under test accepts, minted when they are asked for. */
export function validPeers(authorizes?: LegitimatePeer): ValidPeers {
  return {
    client: (pki, options) => legitimateClient(pki, authorizes, options),
    server: (pki, asked) => legitimateServer(pki, authorizes, asked),
  };
}

/** Why a scenario was not run. */
export function notConcerned(id: string): string {
  return `${id} does not carry the names by which the side under test authorizes`;
}

/** Throws `OPTION_INVALID` for a rule that does not name one peer in exactly one way. */
export function requireAuthorization(authorizes: unknown): void {
  if (authorizes === undefined) return;
  const entries = typeof authorizes === 'object' && authorizes !== null ? Object.entries(authorizes) : [];
  const [[kind, name] = ['', undefined]] = entries;
  if (entries.length !== 1 || !kinds.includes(kind) || typeof name !== 'string' || name === '')
    throw invalidOption(
      'authorizes',
      entries.map(([key]) => key).join(', ') || textOf(authorizes),
      `exactly one of ${kinds.join(', ')}, with the name that is accepted`,
    );
}

function ruleOf(authorizes: LegitimatePeer): readonly [keyof LegitimatePeer, string] {
  const [rule] = Object.entries(authorizes) as [keyof LegitimatePeer, string][]; // its own keys, checked by requireAuthorization
  return rule ?? ['commonName', usualName];
}

/** The rules of the catalogue are written as `subject.text` writes them: parts of one value each, in the order of the certificate. */
function subjectFrom(text: string): { readonly type: 'commonName' | 'organizationalUnit' | 'organization'; readonly value: string }[] {
  return text.split(', ').map((part) => {
    const [short = '', value = ''] = part.split('=');
    return { type: short === 'CN' ? 'commonName' : short === 'OU' ? 'organizationalUnit' : 'organization', value };
  });
}

/** An identity with one otherName; a server has the names of this machine too. */
function withUserPrincipalName(
  role: Side,
  { pki, name, own }: { readonly pki: Pki; readonly name: string; readonly own?: ServerNames & ServerMaterial },
): Identity {
  const draft = new CredentialDraft(role, pki);
  const { dns, ip, keyAlgorithm } = { ...namesOfThisMachine, ...own };
  if (keyAlgorithm !== undefined) draft.leaf.key = generateKey(keyAlgorithm);
  const hosts = role === 'server' ? [...dns.map(dnsName), ...ip.map(ipName)] : [];
  draft.leaf.extend(subjectAltName([...hosts, userPrincipalName(name)], false));
  return draft.arrange().identity;
}

const kinds: readonly string[] = [
  'commonName',
  'subject',
  'spiffeId',
  'x509Svid',
  'federatedSpiffeId',
  'userPrincipalName',
] satisfies readonly (keyof LegitimatePeer)[];
const usualName = 'client';
