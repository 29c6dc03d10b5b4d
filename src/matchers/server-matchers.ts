import { attemptHandshake } from '../handshake/attempt/attempt-handshake.ts';
import type { AttemptOptions } from '../handshake/attempt/attempt-options.ts';
import { verdictSentence } from '../handshake/verdict/verdict-sentence.ts';
import type { Handshake } from '../handshake/verdict/handshake.ts';
import type { ObservedServer } from '../handshake/server/observed-server.ts';
import { attemptSchema } from '../handshake/server/call-options.ts';
import { checkedWhereRead, requireOptionsOf } from '../options/schema.ts';
import type { Identity } from '../pki/identity.ts';
import { type AcceptedAt, lastAccepted, rememberAccepted } from './accepted-identities.ts';
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
    const handshake = await attempt(this, server, candidate, options);
    if (candidate && handshake.verdict === 'accepted') rememberAccepted(candidate, placeOf(this, server, options));
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

    const controls = control ? [control] : usualControls(server, candidate, placeOf(this, server, options));
    const controlled = await firstAccepted(controls, (each) => attempt(this, server, each, options));
    if (!controlled)
      return failed(
        this,
        'no judgement: the server may reject every client; pass control, an identity that it accepts, or show that it accepts one with toAccept first',
      );
    if (controlled.verdict !== 'accepted')
      return failed(
        this,
        `no judgement: the control was rejected too, it was ${verdictSentence(controlled)}; a server that rejects every client proves nothing (pass control, an identity that it accepts)\n\n${failureTranscript(controlled, this.currentTestName)}`,
      );

    const handshake = await attempt(this, server, candidate, options);
    return {
      pass: isRejectedAs(handshake, rejection),
      message: () =>
        `expected the client ${this.isNot ? 'not ' : ''}to be ${describeRejection(rejection)}; it was ${verdictWith(handshake, rejection)}\n\n${failureTranscript(handshake, this.currentTestName)}`,
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

/** What was seen accepted may be what is to be rejected now, or may have been revoked: then the server's own authority issues another. */
function usualControls(server: ObservedServer, candidate: Identity | undefined, place: AcceptedAt): Identity[] {
  const seen = lastAccepted(place);
  const issued = server.identity?.authority?.issue({ commonName: 'control', extendedKeyUsage: ['clientAuth'] });
  return [seen === candidate ? undefined : seen, issued].filter((control) => control !== undefined);
}

/** The first handshake that was accepted, else the last; undefined where there is nothing to try. */
async function firstAccepted(
  controls: readonly Identity[],
  attemptWith: (control: Identity) => Promise<Handshake>,
): Promise<Handshake | undefined> {
  let last: Handshake | undefined;
  for (const control of controls) {
    last = await attemptWith(control);
    if (last.verdict === 'accepted') return last;
  }
  return last;
}

function placeOf({ testPath }: MatcherContext, server: ObservedServer, { servername }: Omit<AttemptOptions, 'identity'>): AcceptedAt {
  return { server, servername, testPath };
}

/** The client trusts the server's own anchors: the identity of another authority must not make the client the one that refuses. */
async function attempt(
  context: MatcherContext,
  server: ObservedServer,
  identity: Identity | undefined,
  options: Omit<AttemptOptions, 'identity'>,
): Promise<Handshake> {
  const trust = options.trust ?? (server.identity && server.identity.anchors !== '' ? server.identity : undefined);
  const handshake = await withinTest(context, options.timeout ?? usualTimeout, (timeout) =>
    attemptHandshake(server, { ...options, timeout, ...(identity && { identity }), ...(trust && { trust }) }),
  );
  context.onHandshake?.(handshake);
  return handshake;
}

/** Fails with or without `.not`: nothing was judged. */
function failed({ isNot }: MatcherContext, sentence: string): MatcherResult {
  return { pass: isNot === true, message: () => sentence, unjudged: true };
}

/** That of attemptHandshake. */
const usualTimeout = 10_000;
