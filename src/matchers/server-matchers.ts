import { attemptWithWaits } from '../handshake/attempt/attempt-handshake.ts';
import type { AttemptOptions } from '../handshake/attempt/attempt-options.ts';
import type { Handshake } from '../handshake/verdict/handshake.ts';
import { observerOf } from '../handshake/server/observed-node-server.ts';
import type { ObservedServer } from '../handshake/server/observed-server.ts';
import { attemptSchema } from '../handshake/server/call-options.ts';
import { checkedWhereRead, requireOptionsOf } from '../options/schema.ts';
import {
  describeEvidence,
  describeRejection,
  isAcceptedAs,
  isRejectedAs,
  verdictWith,
  type ExpectedAcceptance,
  type ExpectedRejection,
} from './expectations.ts';
import { failureTranscript } from './failure-transcript.ts';
import type { MatcherContext, MatcherResult } from './matcher-context.ts';
import { requireAcceptance, requireIdentity, requireRejection, requireServer } from './matcher-input.ts';
import type { Matchers } from './matcher-types.ts';
import { type UnprovenControl, runControl } from './rejection-control.ts';
import { withinTest } from './test-time.ts';

/** The matchers that try a handshake against an observed server; await them. */
export const serverMatchers: Pick<Matchers, 'toAccept' | 'toReject'> = {
  async toAccept(received, identity, expected = {}) {
    const server = requireServer('toAccept', received);
    const candidate = requireIdentity('toAccept', identity);
    requireAcceptance('toAccept', expected, 'some');
    requireOptionsOf(acceptanceSchema, expected);
    const { evidence, ...options } = expected;
    const acceptance: ExpectedAcceptance = evidence === undefined ? {} : { evidence };
    const handshake = await attempt(this, server, {
      ...options,
      identity: candidate,
      trust: options.trust ?? trustOf(server, options.servername),
    });
    if (this.isNot !== true) observerOf(server)?.accepted.note(handshake, { ...options, identity: candidate });
    return {
      pass: isAcceptedAs(handshake, acceptance),
      message: () =>
        `expected the server ${this.isNot ? 'not ' : ''}to accept the client${describeEvidence(acceptance)}; it was ${verdictWith(handshake, acceptance)}\n\n${failureTranscript(handshake, this.currentTestName)}`,
    };
  },

  async toReject(received, identity, expected = {}) {
    const server = requireServer('toReject', received);
    const candidate = requireIdentity('toReject', identity);
    requireRejection('toReject', expected, 'others');
    requireOptionsOf(rejectionSchema, expected);
    const { by = 'server', reason, alert, evidence, control, ...options } = expected;
    const rejection: ExpectedRejection = {
      by,
      ...(reason !== undefined && { reason }),
      ...(alert !== undefined && { alert }),
      ...(evidence !== undefined && { evidence }),
    };

    const ofControl = { ...options, certificateMessage: undefined, session: undefined }; // both say who the client is
    const controlled = await runControl(
      { server, given: control, candidate, servername: options.servername, runPki: this.runPki },
      (client) =>
        attempt(this, server, {
          ...ofControl,
          identity: client.identity,
          trust: options.trust ?? trustOf(server, options.servername) ?? client.trust,
        }),
    );
    if (controlled.outcome === 'none' || controlled.outcome === 'rejected') return notJudged(this, controlled);

    const trust = options.trust ?? trustOf(server, options.servername) ?? controlled.trust;
    const handshake = await attempt(this, server, { ...options, identity: candidate, trust });
    if (controlled.outcome === 'unverified' && handshake.verdict === 'rejected') return notJudged(this, controlled);
    return {
      pass: isRejectedAs(handshake, rejection),
      message: () =>
        `expected the client ${this.isNot ? 'not ' : ''}to be ${describeRejection(rejection)}; it was ${verdictWith(handshake, rejection)}\n\n${failureTranscript(handshake, this.currentTestName)}\n  control     ${controlled.words}`,
    };
  },
};

/** The evidence is checked already. */
const acceptanceSchema = { ...attemptSchema, what: 'toAccept option', own: { ...attemptSchema.own, evidence: checkedWhereRead } };

/** The rejection is checked already. */
const rejectionSchema = {
  ...attemptSchema,
  what: 'toReject option',
  own: {
    ...attemptSchema.own,
    by: checkedWhereRead,
    reason: checkedWhereRead,
    alert: checkedWhereRead,
    evidence: checkedWhereRead,
    control: attemptSchema.own.identity,
  },
};

/** What a client of this server trusts by default, where it is known: the identity of another authority must not make the client the one that refuses. */
function trustOf(server: ObservedServer, servername: string | undefined): string | undefined {
  const observer = observerOf(server);
  const host = observer?.hostFor(servername);
  if (host) return host.anchors;
  if (server.identity) return server.identity.anchors === '' ? undefined : server.identity.anchors;
  const anchors = observer?.credentials.anchors;
  return anchors === observer?.pki?.anchors ? anchors : undefined; // others were those of clients
}

async function attempt(
  context: MatcherContext,
  server: ObservedServer,
  { trust, identity, ...options }: AttemptOptions,
): Promise<Handshake> {
  const handshake = await withinTest(context, options.timeout ?? usualTimeout, (timeout) =>
    attemptWithWaits(server, { ...options, timeout, ...(identity && { identity }), ...(trust !== undefined && { trust }) }),
  );
  context.onHandshake?.(handshake);
  return handshake;
}

/** Fails with or without `.not`: nothing was judged. */
function notJudged({ isNot, currentTestName }: MatcherContext, { outcome, words, handshake }: UnprovenControl): MatcherResult {
  const transcript = handshake ? `\n\n${failureTranscript(handshake, currentTestName)}` : '';
  return {
    pass: isNot === true,
    message: () => `no judgement: ${whyNotJudged[outcome](words)} (${howToControl})${transcript}`,
    unjudged: true,
  };
}

const whyNotJudged: Readonly<Record<UnprovenControl['outcome'], (words: string) => string>> = {
  none: () => 'no identity is known that this server accepts, and it may reject every client',
  rejected: (words) => `the control was rejected too: ${words}; a server that rejects every client proves nothing`,
  unverified: (words) => `the client was rejected, and the control was not verified: ${words}`,
};

const howToControl =
  'pass control, an identity that it accepts; or show that it accepts one with toAccept first; or name the PKI of its clients: observe(server, { pki })';

/** That of attemptHandshake. */
const usualTimeout = 10_000;
