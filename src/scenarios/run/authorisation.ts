import { MtlsFixturesError, textOf } from '../../errors/index.ts';
import type { Identity } from '../../pki/identity.ts';
import type { Pki } from '../../pki/pki.ts';
import type { CredentialScenario, LegitimatePeer } from '../catalogue/scenario.ts';

/** What an application that authorises one peer makes of a scenario: it has to decide itself, cannot be judged by it, or TLS decides. */
export type Authorisation = 'application' | 'unsuitable' | 'tls';

/**
 * Who decides, where the side under test authorises exactly this peer. A scenario of the tier `app` concerns it when it impersonates that very
 * peer; valid credentials that do not carry the peer's names cannot be told from bad ones.
 */
export function decidedBy(
  { tier, impersonates }: Pick<CredentialScenario, 'tier' | 'impersonates'>,
  authorises: LegitimatePeer | undefined,
): Authorisation {
  if (!authorises) return 'tls';
  const [kind, name] = ruleOf(authorises);
  if (tier === 'app') return impersonates?.[kind] === name ? 'application' : 'unsuitable';
  return tier === 'core' || (kind === 'commonName' && name === usualName) ? 'tls' : 'unsuitable';
}

/** A valid client that such an application lets in. */
export function legitimateClient(pki: Pki, authorises: LegitimatePeer | undefined): Identity {
  if (!authorises) return pki.client(usualName);
  const [kind, name] = ruleOf(authorises);
  if (kind === 'commonName') return pki.client(name);
  if (kind === 'subject') return pki.client(undefined, { subject: subjectFrom(name) });
  return pki.client(usualName, { uri: name });
}

/** A valid server that such an application trusts. */
export function legitimateServer(pki: Pki, authorises: LegitimatePeer | undefined): Identity {
  if (!authorises) return pki.server();
  const [kind, name] = ruleOf(authorises);
  if (kind === 'commonName') return pki.server({ ...usualNames, commonName: name });
  if (kind === 'subject') return pki.server({ ...usualNames, subject: subjectFrom(name) });
  return pki.server({ ...usualNames, uri: name });
}

/** Why a scenario was not run. */
export function notConcerned(id: string): string {
  return `${id} does not carry the names by which the side under test authorises`;
}

/** Refuses a rule that names nobody, or in more than one way. */
export function requireAuthorisation(authorises: unknown): void {
  if (authorises === undefined) return;
  const entries = typeof authorises === 'object' && authorises !== null ? Object.entries(authorises) : [];
  const [[kind, name] = ['', undefined]] = entries;
  if (entries.length !== 1 || !kinds.includes(kind) || typeof name !== 'string' || name === '')
    throw new MtlsFixturesError('OPTION_INVALID', {
      option: 'authorises',
      value: entries.map(([key]) => key).join(', ') || textOf(authorises),
      expected: `exactly one of ${kinds.join(', ')}, with the name that is let in`,
    });
}

function ruleOf(authorises: LegitimatePeer): readonly [keyof LegitimatePeer, string] {
  const [rule] = Object.entries(authorises) as [keyof LegitimatePeer, string][]; // its own keys, checked by requireAuthorisation
  return rule ?? ['commonName', usualName];
}

/** The rules of the catalogue are written as `subject.text` writes them: parts of one value each, in the order of the certificate. */
function subjectFrom(text: string): { readonly type: 'commonName' | 'organizationalUnit' | 'organization'; readonly value: string }[] {
  return text.split(', ').map((part) => {
    const [short = '', value = ''] = part.split('=');
    return { type: short === 'CN' ? 'commonName' : short === 'OU' ? 'organizationalUnit' : 'organization', value };
  });
}

const kinds: readonly string[] = ['commonName', 'subject', 'spiffeId', 'x509Svid'] satisfies readonly (keyof LegitimatePeer)[];
const usualName = 'client';
const usualNames = { dns: 'localhost', ip: ['127.0.0.1', '::1'] };
