import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { type ObservedServer, startTlsServer } from '../../../src/index.ts';
import { listenObserved, type SuiteServerOptions, userOptions } from '../listen-observed.ts';
import { greetingFor } from './answering-servers.ts';
import { relayedFailure } from './library-suite.ts';

/** How a mail server answers a message: by the client's certificate, or that it could not hand it on. */
export type Answer = 'greets' | 'fails';

/** smtp-server without TLS of its own, behind an observed server with implicit TLS. */
export async function startSmtps(options: SuiteServerOptions, answer: Answer): Promise<ObservedServer> {
  const mail = await startMailServer(answer);
  const front = await startTlsServer({
    ...options,
    onConnection: (socket) => mail.forward(socket, (greeting) => socket.write(greeting)),
  });
  front.server.once('close', () => mail.close());
  return front;
}

/** The same with STARTTLS: the observed server's connections speak SMTP before they speak TLS. */
export async function startStarttls(options: SuiteServerOptions, answer: Answer): Promise<ObservedServer> {
  const mail = await startMailServer(answer);
  const server = tls.createServer(userOptions(options), (socket) => {
    // smtp-server greets each connection; after STARTTLS no server does (RFC 3207 4.2).
    mail.forward(socket, () => {});
  });
  server.once('close', () => mail.close());
  const front = await listenObserved(server);
  const startTls = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (raw: net.Socket) => {
    greetUntilStarttls(raw, () => {
      for (const start of startTls) start.call(server, raw);
    });
  });
  return front;
}

function greetUntilStarttls(socket: net.Socket, startTls: () => void): void {
  socket.on('error', () => {});
  socket.on('data', function answer(line: Buffer) {
    if (!/^STARTTLS\r\n$/iu.test(line.toString())) return void socket.write('250-front\r\n250 STARTTLS\r\n');
    socket.off('data', answer);
    socket.write('220 go ahead\r\n');
    return startTls();
  });
  socket.write('220 front ESMTP\r\n');
}

interface MailServer {
  /** Resolves once the greeting is sent: before it no client may send a command. */
  forward(socket: tls.TLSSocket, greet: (greeting: Buffer) => void): void;
  close(): void;
}

async function startMailServer(answer: Answer): Promise<MailServer> {
  const greetings = new Map<number | undefined, string>();
  const server = new SMTPServer({
    secured: true,
    secure: true,
    authOptional: true,
    onData: (message, session, done) => {
      message.resume();
      message.once('end', () => (answer === 'fails' ? done(new Error(relayedFailure)) : done(null, greetings.get(session.remotePort))));
    },
  });
  server.on('error', () => {}); // a client that leaves
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as net.AddressInfo; // it listens on TCP
  return {
    forward: (socket, greet) => {
      const upstream = net.connect(port, '127.0.0.1', () => {
        greetings.set(upstream.localPort, greetingFor(socket));
      });
      upstream.once('data', (greeting: Buffer) => {
        greet(greeting);
        upstream.pipe(socket);
        socket.pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
      socket.once('close', () => upstream.destroy());
    },
    close: () => server.close(),
  };
}
