import type { Handshake } from '../handshake/verdict/handshake.ts';
import { isVerified } from '../handshake/observe/accepted-identities.ts';
import { observerOf } from '../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../handshake/server/observed-server.ts';
import type { Trust } from '../handshake/server/trust.ts';
import { verdictSentence } from '../handshake/verdict/verdict-sentence.ts';
import type { Identity } from '../pki/identity.ts';
import type { Pki } from '../pki/pki.ts';

/** What the positive control of `toReject` came to. */
export type Control = AcceptedControl | UnprovenControl;

interface ControlFacts {
  /** Which identity it was, and what became of it, in words. */
  readonly words: string;
  readonly handshake?: Handshake | undefined;
  /** The anchors by which the control's client accepted the server. */
  readonly trust?: Trust | undefined;
}

interface AcceptedControl extends ControlFacts {
  readonly outcome: 'accepted';
}

/** A control that does not show that the server accepts a good client. `unverified`: it was accepted, and not for its certificate; `none`: there was nothing to try. */
export interface UnprovenControl extends ControlFacts {
  readonly outcome: 'unverified' | 'rejected' | 'none';
}

/** Where a control may come from. */
export interface ControlSources {
  readonly server: ObservedServer;
  /** `control` of the call. */
  readonly given: Identity | undefined;
  /** The identity that is to be rejected, which is never its own control. */
  readonly candidate: Identity | undefined;
  readonly servername: string | undefined;
  /** The PKI of this run, where the test runner knows one. */
  readonly runPki: (() => Pki | undefined) | undefined;
}

/** A client that the server should accept. */
export interface ControlClient {
  readonly identity: Identity;
  readonly trust?: Trust | undefined;
  /** In words. */
  readonly origin: string;
}

/**
 * Tries clients that the server should accept until it accepts one: the control that was given, else the identity that it accepted last, else new clients of the PKI that it
 * was started with, of the CA of its own certificate, and of the run's PKI.
 */
export async function runControl(sources: ControlSources, attempt: (client: ControlClient) => Promise<Handshake>): Promise<Control> {
  const outcomes: UnprovenControl[] = [];
  for (const client of clientsOf(sources)) {
    const handshake = await attempt(client);
    const outcome = outcomeOf(handshake, sources.given);
    const facts = { words: wordsOf(client, outcome, handshake), handshake, trust: client.trust ?? client.identity };
    if (outcome === 'accepted') return { outcome, ...facts };
    outcomes.push({ outcome, ...facts });
  }
  const last = outcomes.find(({ outcome }) => outcome === 'unverified') ?? outcomes.at(-1);
  return last ? { ...last, words: outcomes.map(({ words }) => words).join('; ') } : { outcome: 'none', words: 'none is known' };
}

/** One that was given is taken at its word: an application may verify certificates itself. */
function outcomeOf(handshake: Handshake, given: Identity | undefined): 'accepted' | 'unverified' | 'rejected' {
  if (handshake.verdict === 'rejected') return 'rejected';
  return given || isVerified(handshake) ? 'accepted' : 'unverified';
}

function wordsOf({ identity, origin }: ControlClient, outcome: Control['outcome'], handshake: Handshake): string {
  const end =
    outcome === 'unverified'
      ? `accepted without verification of its certificate (${whyUnverified(handshake)})`
      : verdictSentence(handshake);
  return `"${identity.name}" (${origin}) was ${end}`;
}

function whyUnverified({ resumed, authorizationError, clientCertificate }: Handshake): string {
  if (resumed) return 'a session was resumed';
  return authorizationError ?? (clientCertificate ? 'the server did not verify it' : 'the server did not ask for it');
}

/** Made one after the other: most calls need the first alone. */
function* clientsOf({ server, given: passed, candidate, servername, runPki }: ControlSources): Generator<ControlClient> {
  if (passed) {
    yield { identity: passed, origin: 'the control that was passed' };
    return;
  }
  const observer = observerOf(server);
  const accepted = observer?.accepted.last(servername, candidate);
  if (accepted) yield { ...accepted, origin: 'the identity that this server accepted last' };
  const issuers = new Set<string>();
  const isNew = (issuer: Pki['issuer'] | undefined): boolean =>
    issuer !== undefined && issuers.size < issuers.add(issuer.certificatePem).size;
  const host = observer?.hostFor(servername);
  const given = host ? host.pki : observer?.pki;
  if (given && isNew(given.issuer)) yield { identity: given.client(newName), origin: 'a new client of the PKI that this server was given' };
  const { authority } = host?.identity ?? server.identity ?? {};
  if (authority && isNew(authority))
    yield {
      identity: authority.issue({ commonName: newName, extendedKeyUsage: ['clientAuth'] }),
      origin: "a new client of the CA that issued the server's certificate",
    };
  const pki = runPki?.();
  if (pki && isNew(pki.issuer)) yield { identity: pki.client(newName), origin: 'a new client of the PKI of this run' };
}

const newName = 'control';
