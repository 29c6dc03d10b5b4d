import type { Socket } from 'node:net';
import type tls from 'node:tls';

/**
 * Makes a server's TLSSocket over a tap answer as one over the raw socket would: it knows no addresses of its own and forwards no
 * socket options, and the user's listeners expect both.
 */
export function restoreSocketFacts(tlsSocket: tls.TLSSocket, raw: Socket): void {
  rawSockets.set(tlsSocket, raw);
  // One step between the socket and its class, shared by all: members of its own would cost a hundredth of a handshake.
  prototype ??= Object.create(Object.getPrototypeOf(tlsSocket) as object, descriptors) as object;
  Object.setPrototypeOf(tlsSocket, prototype);
}

let prototype: object | undefined;

const rawSockets = new WeakMap<object, Socket>();

const facts = ['remoteAddress', 'remotePort', 'remoteFamily', 'localAddress', 'localPort', 'localFamily'] as const;
const methods = ['setNoDelay', 'setKeepAlive', 'ref', 'unref'] as const;

/** Getters, since values would ask the system for the addresses of every connection. */
const descriptors: PropertyDescriptorMap = {
  ...Object.fromEntries(facts.map((name) => [name, factDescriptor(name)])),
  ...Object.fromEntries(methods.map((name) => [name, methodDescriptor(name)])),
};

function factDescriptor(name: (typeof facts)[number]): PropertyDescriptor {
  return {
    configurable: true,
    get(this: object) {
      return rawSockets.get(this)?.[name];
    },
  };
}

function methodDescriptor(name: (typeof methods)[number]): PropertyDescriptor {
  return {
    configurable: true,
    value(this: object, ...args: never[]) {
      const raw = rawSockets.get(this);
      if (raw) Reflect.apply(raw[name], raw, args);
      return this;
    },
  };
}
