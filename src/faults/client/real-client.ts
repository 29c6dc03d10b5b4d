import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { after } from '../../clock/real-clock.ts';
import { isIpAddress } from '../../net/addresses.ts';
import { makePeerCertificateSafe } from '../../handshake/attempt/peer-certificate.ts';
import type { RealClientFault } from './client-fault.ts';
import type { ParsedClientFault } from './client-fault-options.ts';
import type { OutcomeWatch } from './client-fault-outcome.ts';
import { closeWithPeer, InterposedSocket } from '../interposed-socket.ts';
import { alertNumberOf } from '../real-peer.ts';
import { splitClientHello } from './split-client-hello.ts';

/** Shows a fault of a real client, Node's TLS engine with what it sends split, slowed down or cut off on its way, until the connection has ended. */
export async function runRealClient(
  socket: Socket,
  fault: RealClientFault,
  { servername, request, secureContext }: ParsedClientFault,
  watch: OutcomeWatch,
): Promise<void> {
  const wire = new InterposedSocket(socket, 'client');
  misbehave(fault, { wire, watch, servername });
  const engine = process.getBuiltinModule('node:tls').connect({
    socket: wire,
    ...(!isIpAddress(servername) && { servername }),
    secureContext,
    rejectUnauthorized: false, // here the server is to judge
  });
  makePeerCertificateSafe(engine);
  engine.once('secureConnect', () => {
    if (fault.kind === 'half-close') endWithoutCloseNotify(engine, wire, watch);
    else engine.write(request);
  });
  engine.once('data', () => {
    watch.applicationData = true;
    engine.end();
  });
  engine.on('error', (error) => {
    watch.alertFromEngine ??= alertNumberOf(error);
  });
  closeWithPeer(engine);
  const closed = new Promise<void>((resolve) => {
    engine.once('close', () => resolve());
  });
  await watch.ended;
  // What has arrived is still on its way through the engine; after the bound nothing more is waited for.
  const cancel = after(watch.isStillOpen ? 0 : lingerMs, () => engine.destroy());
  await closed;
  cancel();
}

/** What changes the way in which the engine's bytes reach the server. */
function misbehave(
  fault: RealClientFault,
  {
    wire,
    watch,
    servername,
  }: {
    readonly wire: InterposedSocket;
    readonly watch: OutcomeWatch;
    readonly servername: string;
  },
): void {
  const { kind } = fault;
  const onSent = (): void => {
    watch.faultSent = true;
  };
  if (kind === 'one-byte-at-a-time') {
    wire.isSlow = true;
    watch.faultSent = true;
  }
  if (kind === 'split-client-hello') splitClientHello(wire, { at: fault.at, servername, onSplit: onSent });
}

/** An empty write is done when the client's Finished has left. */
function endWithoutCloseNotify(engine: TLSSocket, wire: InterposedSocket, watch: OutcomeWatch): void {
  engine.write('', () => {
    watch.faultSent = true;
    wire.cut();
  });
}

const lingerMs = 1000;
