import type { MatcherState } from 'vitest';
import { attemptHandshake } from '../handshake/attempt-handshake.ts';
import type { AttemptOptions } from '../handshake/attempt-options.ts';
import { verdictSentence } from '../handshake/explain.ts';
import type { Handshake } from '../handshake/handshake.ts';
import type { ObservedServer } from '../handshake/observed-server.ts';
import { attemptSchema } from '../handshake/call-options.ts';
import { checkedWhereRead, requireOptionsOf } from '../options/schema.ts';
import type { Identity } from '../pki/identity.ts';
import { failureStory } from './failure-story.ts';
import { requireIdentity, requireRejection, requireServer } from './matcher-input.ts';
import { describeRejection, isRejectedAs, type ExpectedRejection, type Verdict } from './matchers.ts';

/** How `toReject` tries: what the rejection is to be, the control, and options of `attemptHandshake`. */
export interface ExpectedServerRejection extends ExpectedRejection, Omit<AttemptOptions, 'identity'> {
  /** The identity that must be accepted first; default: a client of the authority that issued the server's identity. */
  readonly control?: Identity;
}

/** The matchers that try a handshake against an observed server; await them. */
export const serverMatchers = {
  async toAccept(
    this: MatcherState,
    received: unknown,
    identity?: unknown,
    options: Omit<AttemptOptions, 'identity'> = {},
  ): Promise<Verdict> {
    const server = requireServer('toAccept', received);
    const handshake = await attempt(server, requireIdentity('toAccept', identity), options);
    return {
      pass: handshake.verdict === 'accepted',
      message: () =>
        `expected the server ${this.isNot ? 'not ' : ''}to accept the client; it was ${verdictSentence(handshake)}\n\n${failureStory(handshake, this.currentTestName)}`,
    };
  },

  async toReject(this: MatcherState, received: unknown, identity?: unknown, expected: ExpectedServerRejection = {}): Promise<Verdict> {
    const server = requireServer('toReject', received);
    const candidate = requireIdentity('toReject', identity);
    requireRejection('toReject', expected, 'some');
    requireOptionsOf(rejectionSchema, expected);
    const {
      by = 'server',
      reason,
      alert,
      control = server.identity?.authority?.issue({ commonName: 'control', extendedKeyUsage: ['clientAuth'] }),
      ...options
    } = expected;
    const rejection: ExpectedRejection = { by, ...(reason !== undefined && { reason }), ...(alert !== undefined && { alert }) };

    if (!control) return failed(this, 'cannot tell whether the server rejects everybody: pass control, an identity that it accepts');
    const controlled = await attempt(server, control, options);
    if (controlled.verdict !== 'accepted')
      return failed(
        this,
        `cannot judge: the control was refused too, it was ${verdictSentence(controlled)}; a server that rejects everybody proves nothing (pass control, an identity that it accepts)\n\n${failureStory(controlled, this.currentTestName)}`,
      );

    const handshake = await attempt(server, candidate, options);
    return {
      pass: isRejectedAs(handshake, rejection),
      message: () =>
        `expected the client ${this.isNot ? 'not ' : ''}to be ${describeRejection(rejection)}; it was ${verdictSentence(handshake)}\n\n${failureStory(handshake, this.currentTestName)}`,
    };
  },
};

/** The rejection is checked already. */
const rejectionSchema = {
  ...attemptSchema,
  what: 'toReject option',
  own: {
    ...attemptSchema.own,
    by: checkedWhereRead,
    reason: checkedWhereRead,
    alert: checkedWhereRead,
    control: attemptSchema.own.identity,
  },
};

/** The client trusts the server's own anchors: a stranger's identity must not make the client the one that refuses. */
function attempt(server: ObservedServer, identity: Identity | undefined, options: Omit<AttemptOptions, 'identity'>): Promise<Handshake> {
  const trust = options.trust ?? (server.identity && server.identity.anchors !== '' ? server.identity : undefined);
  return attemptHandshake(server, { ...options, ...(identity && { identity }), ...(trust && { trust }) });
}

/** Fails with or without `.not`: nothing was judged. */
function failed({ isNot }: MatcherState, sentence: string): Verdict {
  return { pass: isNot, message: () => sentence };
}
