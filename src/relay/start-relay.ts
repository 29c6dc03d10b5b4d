import type { Socket } from 'node:net';
import { MtlsFixturesError } from '../errors/index.ts';
import { requireJudgingRuntime } from '../errors/runtime.ts';
import { HandshakeLog } from '../handshake/observe/handshake-log.ts';
import { connectTcp } from '../net/connect-tcp.ts';
import { warnOfExposure } from '../net/exposure-warning.ts';
import { listen } from '../net/listen.ts';
import { KeyLogFiles } from './key-log-files.ts';
import { parseRelay, type ParsedRelay, type RelayOptions } from './relay-options.ts';
import { type Relay, TcpRelay } from './relay.ts';
import { RelayedConnection } from './relayed-connection.ts';

/**
 * Starts a TCP relay in front of a server, for a client that is not ours either: each handshake between the two is recorded, and no octet is changed. With the secrets of one of them
 * (`keyLogFile`) the verdict has side, alert and both certificates. Without them it has them in TLS 1.2, where the handshake is in the clear; in TLS 1.3 the verdict follows from the
 * lengths and the order of records, without alert and certificates, and with the evidence `record-shape`. Throws `OPTION_INVALID` and `PORT_IN_USE`.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  requireJudgingRuntime('start a relay');
  const parsed = parseRelay(options);
  const { host, port, exposed, maxHandshakes } = parsed;
  const connections = new Connections(parsed, new HandshakeLog(maxHandshakes));
  const server = process
    .getBuiltinModule('node:net')
    .createServer({ allowHalfOpen: true, noDelay: true }, (near) => void connections.relay(near));
  await listen(server, { host, port });
  server.on('error', () => {}); // a failure to accept one connection concerns that connection alone
  warnOfExposure(server.address(), { exposed, toOthers: `every client can reach ${parsed.target.host}:${parsed.target.port} through it` });
  const { log, problems } = connections;
  return new TcpRelay({ server, log, problems, endConnections: () => connections.end() });
}

/** The connections of one relay. */
class Connections {
  readonly log: HandshakeLog;
  readonly problems: MtlsFixturesError[] = [];
  readonly #relay: ParsedRelay;
  readonly #keyLogs: KeyLogFiles;
  readonly #open = new Set<{ close(): void }>();
  #isOver = false;

  constructor(relay: ParsedRelay, log: HandshakeLog) {
    this.#relay = relay;
    this.log = log;
    this.#keyLogs = new KeyLogFiles(relay.keyLogFiles);
  }

  async relay(near: Socket): Promise<void> {
    const waiting = { close: () => near.destroy() };
    near.on('error', () => {});
    near.pause();
    this.#open.add(waiting);
    const { target, faults, startsInClear } = this.#relay;
    try {
      const far = await connectTcp(target, { timeout: connectMs, tcpOptions: { allowHalfOpen: true } });
      if (this.#isOver) far.destroy();
      else this.#join(near, { far, faults, startsInClear });
    } catch (error) {
      this.#add(error as MtlsFixturesError); // connectTcp throws no other
      near.resetAndDestroy();
    } finally {
      this.#open.delete(waiting);
    }
  }

  end(): void {
    this.#isOver = true;
    for (const connection of this.#open) connection.close();
    this.#open.clear();
  }

  #join(near: Socket, { far, ...how }: { readonly far: Socket } & Pick<ParsedRelay, 'faults' | 'startsInClear'>): void {
    const connection = new RelayedConnection({
      near,
      far,
      ...how,
      target: this.#relay.target,
      keyLogs: this.#keyLogs,
      judged: (outcome, lacks) => {
        if (lacks) this.#add(lacks);
        if (outcome instanceof MtlsFixturesError) this.#add(outcome);
        else this.log.add(outcome);
      },
    });
    this.#open.add(connection);
    let open = 2;
    for (const socket of [near, far])
      socket.on('close', () => {
        open -= 1;
        if (open === 0) this.#open.delete(connection);
      });
    near.resume();
  }

  #add(problem: MtlsFixturesError): void {
    this.problems.push(problem);
    if (this.problems.length > mostProblems) this.problems.shift();
  }
}

const connectMs = 10_000;
const mostProblems = 1000;
