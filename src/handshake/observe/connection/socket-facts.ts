import type { Socket } from 'node:net';
import type tls from 'node:tls';
import { callBase, DerivedPrototypes } from '../../../wire/tap/derived-prototype.ts';
import { PrivateMember } from '../../../wire/tap/private-member.ts';
import type { Tap } from '../../../wire/tap/tap.ts';

/** What is called when something happens to a server's TLS socket, before the listeners of its user. */
interface SocketWatch {
  /** The handshake is complete: `judge` is Node's own verification of the client. */
  secure(judge: () => void): void;
  /** The socket reports an error. */
  failed(error: Error): void;
  /** The program's code ends the socket, or Node does so because the peer has left. */
  ended(error: Error | undefined): void;
  /** What the client presented in its last handshake: DER, the leaf first. */
  presented(): readonly Uint8Array[] | undefined;
}

/** What the client of an observed connection presented: DER, the leaf first, as it was sent; of a resumed session what the session holds. Undefined where it has no certificate. */
export function presentedBy(tlsSocket: tls.TLSSocket): readonly Uint8Array[] | undefined {
  return PartsOf.socket(tlsSocket)?.watch.presented();
}

/**
 * Makes a server's TLSSocket over a tap answer as one over the raw socket would: it knows no addresses of its own and forwards no
 * socket options, and the user's listeners expect both; it closes when the raw socket does. Its events pass `watch` first.
 */
export function restoreSocketFacts(tlsSocket: tls.TLSSocket, parts: SocketParts): void {
  if (PartsOf.socket(tlsSocket)) return;
  void new PartsOf(tlsSocket, parts);
  prototypes.apply(tlsSocket);
  const members: { server: unknown } = tlsSocket;
  members.server = parts.server;
  Reflect.set(tlsSocket, '_parent', parts.raw); // Node sets it for a net.Socket: what the TLS socket does keeps the raw one's time-out from running out
}

interface SocketParts {
  readonly raw: Socket;
  readonly tap: Tap;
  readonly server: tls.Server;
  readonly watch: SocketWatch;
  hasAskedPeer?: boolean;
}

class PartsOf extends PrivateMember {
  readonly #parts: SocketParts;

  constructor(tlsSocket: tls.TLSSocket, parts: SocketParts) {
    super(tlsSocket);
    this.#parts = parts;
  }

  static socket(tlsSocket: object): SocketParts | undefined {
    return #parts in tlsSocket ? tlsSocket.#parts : undefined;
  }
}

const remoteFacts = ['remoteAddress', 'remotePort', 'remoteFamily'] as const;
const localFacts = ['localAddress', 'localPort', 'localFamily'] as const;
const options = ['setNoDelay', 'setKeepAlive', 'setTypeOfService', 'ref', 'unref'] as const;
const answers = ['address', 'getTypeOfService'] as const;
const ends = ['end', 'destroy', 'destroySoon', 'resetAndDestroy'] as const;

/** Getters, since values would ask the system for the addresses of every connection. */
const prototypes = new DerivedPrototypes<tls.TLSSocket>((base) => ({
  ...Object.fromEntries(remoteFacts.map((name) => [name, { get: remoteFact(name) }])),
  ...Object.fromEntries(localFacts.map((name) => [name, { get: localFact(name) }])),
  ...Object.fromEntries(options.filter((name) => name in base).map((name) => [name, { value: onBoth(base, name) }])),
  ...Object.fromEntries(answers.filter((name) => name in base).map((name) => [name, { value: answerOfRawSocket(base, name) }])),
  ...Object.fromEntries(ends.map((name) => [name, { value: watchedEnd(base, name) }])),
  emit: {
    value(this: tls.TLSSocket, event: string, ...args: unknown[]): boolean {
      const parts = event === 'secure' || event === 'close' || event === 'error' ? PartsOf.socket(this) : undefined;
      if (!parts) return base.emit.call(this, event, ...args);
      let answer = false;
      const pass = (): void => {
        answer = base.emit.call(this, event, ...args);
      };
      if (event === 'secure') parts.watch.secure(pass);
      else if (event === 'close') parts.tap.onceClosed(pass);
      else {
        parts.watch.failed(args[0] as Error); // what Node emits as an error
        pass();
      }
      return answer;
    },
  },
}));

/** Node asks while there is a handle, and remembers the peer's address for later. */
function remoteFact(name: (typeof remoteFacts)[number]) {
  return function (this: tls.TLSSocket): unknown {
    const parts = PartsOf.socket(this);
    if (parts && hasHandle(this)) parts.hasAskedPeer = true;
    return parts?.hasAskedPeer === true ? parts.raw[name] : undefined;
  };
}

function localFact(name: (typeof localFacts)[number]) {
  return function (this: tls.TLSSocket): unknown {
    return hasHandle(this) ? PartsOf.socket(this)?.raw[name] : undefined;
  };
}

/** A socket that its engine has failed keeps its handle until its error has been emitted: without one it answers null. */
function hasHandle(tlsSocket: tls.TLSSocket): boolean {
  return !tlsSocket.destroyed || (tlsSocket.isSessionReused() as boolean | null) !== null; // Node's types leave the null out
}

/** The TLS socket remembers what was set, and cannot pass it on: over a tap its handle does nothing. */
function onBoth(base: object, name: (typeof options)[number]) {
  return function (this: object, ...args: unknown[]): unknown {
    const raw = PartsOf.socket(this)?.raw;
    if (raw && !raw.destroyed) callBase(raw, name, raw, args);
    return name === 'setTypeOfService' ? this : callBase(base, name, this, args);
  };
}

function answerOfRawSocket(base: object, name: string) {
  return function (this: tls.TLSSocket, ...args: unknown[]): unknown {
    const raw = PartsOf.socket(this)?.raw;
    return raw && hasHandle(this) ? callBase(raw, name, raw, args) : callBase(base, name, this, args);
  };
}

function watchedEnd(base: tls.TLSSocket, name: (typeof ends)[number]) {
  return function (this: tls.TLSSocket, ...args: []): unknown {
    const [error]: unknown[] = args;
    PartsOf.socket(this)?.watch.ended(name === 'destroy' && error instanceof Error ? error : undefined);
    return base[name].call(this, ...args);
  };
}
