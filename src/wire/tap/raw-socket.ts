import type { Socket } from 'node:net';
import { callBase, DerivedPrototypes } from './derived-prototype.ts';

/** Who gets what a raw socket would have given to its own stream. */
export interface RawSocketOwner {
  /** Bytes of the peer; false where no more is wanted for now. */
  received(chunk: Buffer): boolean;
  /** The peer's end of stream. */
  ended(): void;
  /** The network's error, by which the socket is destroyed. */
  failed(error: Error): void;
  /** The program's own code ends the socket: with `end()`, `destroy()`, or one of their kin. */
  endedByProgram(error: Error | undefined): void;
}

/**
 * Takes a socket's bytes before its own stream gets them, as Node's TLS does by the system's handle: listeners for `data` and `end` that others have put there get
 * nothing any more, and the network's errors go to the owner alone. Returns what makes it read on after `received` said no.
 */
export function takeOver(raw: Socket, owner: RawSocketOwner): () => void {
  owners.set(raw, { ...bound(owner), hasFailed: false });
  prototypes.apply(raw);
  return () => {
    passed.set(raw, true);
    raw.push(nothing); // a stream that has been given something asks for more
    passed.delete(raw);
  };
}

/** Ends or destroys a socket that was taken over, without that being the program's own doing. */
export function withoutNotice(raw: Socket, act: () => void): void {
  const owner = owners.get(raw);
  if (owner) owner.isSilent = true;
  act();
  if (owner) owner.isSilent = false;
}

interface Ownership extends RawSocketOwner {
  hasFailed: boolean;
  isSilent?: boolean;
}

const owners = new WeakMap<object, Ownership>();
const passed = new WeakMap<object, boolean>();
const nothing = Buffer.alloc(0);

function bound(owner: RawSocketOwner): RawSocketOwner {
  return {
    received: (chunk) => owner.received(chunk),
    ended: () => {
      owner.ended();
    },
    failed: (error) => {
      owner.failed(error);
    },
    endedByProgram: (error) => {
      owner.endedByProgram(error);
    },
  };
}

const prototypes = new DerivedPrototypes((base) => ({
  push: {
    value(this: object, chunk: unknown, encoding?: BufferEncoding): unknown {
      const owner = owners.get(this);
      if (!owner || passed.has(this)) return callBase(base, 'push', this, [chunk, encoding]);
      if (chunk === null) owner.ended();
      else return owner.received(chunk as Buffer); // what node:net reads is a Buffer
      return false;
    },
  },
  destroy: {
    value(this: object, error?: Error, callback?: unknown): unknown {
      const owner = owners.get(this);
      if (owner && !(this as Socket).destroyed) {
        owner.hasFailed = isOfNetwork(error);
        if (owner.hasFailed && error) owner.failed(error);
        else if (owner.isSilent !== true) owner.endedByProgram(error);
      }
      return callBase(base, 'destroy', this, [error, callback]);
    },
  },
  ...Object.fromEntries(
    (['end', 'destroySoon', 'resetAndDestroy'] as const).map((name) => [
      name,
      {
        value(this: object, ...args: unknown[]): unknown {
          const owner = owners.get(this);
          if (owner && owner.isSilent !== true) owner.endedByProgram(undefined);
          return callBase(base, name, this, args);
        },
      },
    ]),
  ),
  emit: {
    value(this: object, event: string | symbol, ...args: unknown[]): unknown {
      const hasFailed = owners.get(this)?.hasFailed === true;
      if (hasFailed && event === 'error') return true; // the system's handle would have told Node's TLS alone
      return callBase(base, 'emit', this, hasFailed && event === 'close' ? [event, false] : [event, ...args]);
    },
  },
}));

/** Whether an error is what node:net makes of one of the system, in place of a program's own. */
export function isOfNetwork(error: unknown): boolean {
  const { errno, syscall } = (error ?? {}) as { readonly errno?: unknown; readonly syscall?: unknown }; // any error has these or undefined
  return typeof errno === 'number' && (syscall === 'read' || syscall === 'write' || syscall === 'shutdown');
}
