import type { Socket } from 'node:net';
import { DerivedPrototypes } from './derived-prototype.ts';
import { PrivateMember } from './private-member.ts';

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
  const ownership = new Ownership(owner);
  void new Owned(raw, ownership);
  prototypes.apply(raw);
  return () => {
    ownership.isAskedToRead = true;
    raw.push(nothing); // a stream that has been given something asks for more
    ownership.isAskedToRead = false;
  };
}

/** Ends or destroys a socket that was taken over, without that being the program's own doing. */
export function withoutNotice(raw: Socket, act: () => void): void {
  const ownership = Owned.by(raw);
  if (ownership) ownership.isSilent = true;
  act();
  if (ownership) ownership.isSilent = false;
}

class Ownership {
  readonly owner: RawSocketOwner;
  hasFailed = false;
  isSilent = false;
  isAskedToRead = false;

  constructor(owner: RawSocketOwner) {
    this.owner = owner;
  }
}

class Owned extends PrivateMember {
  readonly #ownership: Ownership;

  constructor(raw: Socket, ownership: Ownership) {
    super(raw);
    this.#ownership = ownership;
  }

  static by(raw: object): Ownership | undefined {
    return #ownership in raw ? raw.#ownership : undefined;
  }
}

const nothing = Buffer.alloc(0);

const prototypes = new DerivedPrototypes<Socket>((base) => ({
  push: {
    value(this: Socket, chunk: Buffer | null, encoding?: BufferEncoding): boolean {
      const ownership = Owned.by(this);
      if (!ownership || ownership.isAskedToRead) return base.push.call(this, chunk, encoding);
      if (chunk === null) ownership.owner.ended();
      else return ownership.owner.received(chunk); // what node:net reads is a Buffer
      return false;
    },
  },
  destroy: {
    value(this: Socket, ...args: [error?: Error]): Socket {
      const [error] = args;
      const ownership = Owned.by(this);
      if (ownership && !this.destroyed) {
        ownership.hasFailed = isOfNetwork(error);
        if (ownership.hasFailed && error) ownership.owner.failed(error);
        else if (!ownership.isSilent) ownership.owner.endedByProgram(error);
      }
      return base.destroy.call(this, ...args);
    },
  },
  ...Object.fromEntries(
    (['end', 'destroySoon', 'resetAndDestroy'] as const).map((name) => [
      name,
      {
        value(this: Socket, ...args: []): unknown {
          const ownership = Owned.by(this);
          if (ownership && !ownership.isSilent) ownership.owner.endedByProgram(undefined);
          return base[name].call(this, ...args);
        },
      },
    ]),
  ),
  emit: {
    value(this: Socket, event: string, ...args: unknown[]): boolean {
      if (Owned.by(this)?.hasFailed !== true) return base.emit.call(this, event, ...args);
      if (event === 'error') return true; // the system's handle would have told Node's TLS alone
      return event === 'close' ? base.emit.call(this, event, false) : base.emit.call(this, event, ...args);
    },
  },
}));

/** Whether a stream is a socket of node:net, which is loaded when there is a connection: importing it would cost those who never open one. */
export function isNetSocket(raw: Socket): boolean {
  netSocket ??= process.getBuiltinModule('node:net').Socket;
  return raw instanceof netSocket;
}

let netSocket: typeof Socket | undefined;

/** Whether an error is what node:net makes of one of the system, in place of a program's own. */
export function isOfNetwork(error: unknown): boolean {
  const { errno, syscall } = (error ?? {}) as { readonly errno?: unknown; readonly syscall?: unknown }; // any error has these or undefined
  return typeof errno === 'number' && (syscall === 'read' || syscall === 'write' || syscall === 'shutdown');
}
