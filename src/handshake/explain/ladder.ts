import type { Side } from '../../wire/tap/capture.ts';
import type { DecodedMessage } from '../../wire/decode/decoded-message.ts';
import { messageLabel } from './message-label.ts';
import { printable } from '../../errors/printable.ts';

/** A rung of a ladder: what one side said until the other did. */
interface Rung {
  readonly sentBy: Side;
  readonly atMs: number;
  readonly text: string;
  readonly isDecisive: boolean;
  /** Whether it has a line of its own. */
  readonly isAlone: boolean;
}

/** What of a handshake decided it. */
export interface Decision {
  readonly verdict: 'accepted' | 'rejected';
  readonly rejectedBy?: Side | undefined;
  /** The alert's registered name, where one was sent. */
  readonly alert?: string | undefined;
}

/** A message that was edited before it was sent, or left out. */
interface Edited {
  readonly sentBy: Side;
  /** What is written in its place. */
  readonly text: string;
  readonly isLeftOut: boolean;
  /** The message as it was sent, or the one that it was left out before; undefined: it is written last. */
  readonly at: DecodedMessage | undefined;
}

/** How a ladder is written. */
export interface LadderOptions {
  readonly decision: Decision;
  /** Lines at most. */
  readonly most: number;
  /** Writes an offset in milliseconds. */
  readonly time: (atMs: number) => string;
  readonly edited?: Edited | undefined;
}

/** The messages of a handshake in two columns, the client's on the left, the server's on the right; the decisive one marked with `>`. */
export function ladder(messages: readonly DecodedMessage[], { decision, most, time, edited }: LadderOptions): string[] {
  const rungs = shortened(withLeaving(rungsOf(messages, decision, edited), decision), most - 1);
  if (rungs.length === 0) return [];
  const heading = `  ${''.padStart(9)}  ${'client'.padEnd(columnWidth)}      server`;
  const lines = rungs.map(({ sentBy, atMs, text, isDecisive }) => {
    const start = `${isDecisive ? '>' : ' '} ${time(atMs).padStart(9)}  `;
    return sentBy === 'client' ? `${start}${text.padEnd(columnWidth)} -->` : `${start}${''.padEnd(columnWidth)} <--  ${text}`;
  });
  return [heading, ...lines.map((line) => line.trimEnd())];
}

/** Lines of one side in a row hold as many messages as fit; the decisive message and the edited one have a line of their own. */
function rungsOf(messages: readonly DecodedMessage[], decision: Decision, edited: Edited | undefined): Rung[] {
  const decisive = decisiveMessage(messages, decision);
  const single = messages.flatMap((message): Rung[] => {
    const isEdited = message === edited?.at;
    const label = isEdited && !edited.isLeftOut ? edited.text : messageLabel(message);
    const { sentBy, atMs } = message;
    const isDecisive = message === decisive;
    const own = label === undefined ? [] : [{ sentBy, atMs, text: printable(label), isDecisive, isAlone: isDecisive || isEdited }];
    return isEdited && edited.isLeftOut ? [rungOf(edited, atMs), ...own] : own;
  });
  if (edited && !edited.at) single.push(rungOf(edited, messages.at(-1)?.atMs ?? 0));
  const rungs: Rung[] = [];
  for (const rung of single) {
    const last = rungs.at(-1);
    const text = `${last?.text ?? ''}, ${rung.text}`;
    const fits = last && last.sentBy === rung.sentBy && text.length <= columnWidth;
    if (fits && !rung.isAlone && !last.isAlone) rungs.splice(-1, 1, { ...last, text });
    else rungs.push(rung);
  }
  return rungs;
}

function rungOf({ sentBy, text }: Edited, atMs: number): Rung {
  return { sentBy, atMs, text, isDecisive: false, isAlone: true };
}

/** The alert that refused, or what showed acceptance: the client's Finished in a handshake that the server judges. */
function decisiveMessage(messages: readonly DecodedMessage[], { verdict, rejectedBy, alert }: Decision): DecodedMessage | undefined {
  if (verdict === 'accepted') return messages.findLast(({ type, sentBy }) => type === 'finished' && sentBy === 'client');
  const own = messages.filter(({ sentBy }) => sentBy === rejectedBy);
  return own.find((message) => message.type === 'alert' && message.name === alert) ?? own.find(({ type }) => type === 'end_of_stream');
}

/** Who refuses without an alert is seen to leave, which no record shows. */
function withLeaving(rungs: readonly Rung[], { verdict, rejectedBy }: Decision): Rung[] {
  if (verdict === 'accepted' || rejectedBy === undefined || rungs.some(({ isDecisive }) => isDecisive)) return [...rungs];
  return [
    ...rungs,
    { sentBy: rejectedBy, atMs: rungs.at(-1)?.atMs ?? 0, text: 'leaves without an alert', isDecisive: true, isAlone: true },
  ];
}

/** What is left out is the middle: the beginning shows what was asked for, the end what came of it. */
function shortened(rungs: readonly Rung[], most: number): readonly Rung[] {
  if (rungs.length <= most) return rungs;
  const tail = rungs.slice(rungs.length - (most - 4));
  const left = rungs.length - 3 - tail.length;
  const gap: Rung = {
    sentBy: tail[0]?.sentBy ?? 'client',
    atMs: tail[0]?.atMs ?? 0,
    text: `... ${left} more lines`,
    isDecisive: false,
    isAlone: true,
  };
  return [...rungs.slice(0, 3), gap, ...tail];
}

const columnWidth = 52;
