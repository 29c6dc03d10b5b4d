import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { logInWithCertificate } from '../../src/containers/services/rabbitmq.ts';
import { getPage } from '../../src/containers/services/web/web-server.ts';
import { askForBrokers } from '../../src/containers/services/kafka.ts';
import type { ContainerAttempt } from '../../src/containers/mtls-wait.ts';
import { logIn } from '../../src/containers/services/mysql.ts';
import { createPki } from '../../src/index.ts';
import { mysqlGreeting } from '../wire/starttls/clear-text-server.ts';
import { mutate } from './mutations.ts';
import { randomNumbers } from '../support/random-numbers.ts';

const pki = createPki();
const identity = pki.client();

test.for<
  readonly [what: string, words: { readonly attempt: ContainerAttempt; readonly answers: readonly string[]; readonly greeting?: Buffer }]
>([
  ['an HTTP server', { attempt: getPage('/'), answers: ['HTTP/1.1 200 OK\r\n\r\n', 'HTTP/1.1 403 no\r\n\r\n', 'HTTP/1.0 '] }],
  [
    'a Kafka broker',
    {
      attempt: askForBrokers(),
      answers: ['\0\0\0\u0010mtls\0\0\0\u0001\0\0\0\u0001', '\0\0\0\u0010mtls\0\0\0\0', '\0\0\0\u0010nope\0\0\0\u0001'],
    },
  ],
  [
    'an AMQP broker',
    {
      attempt: logInWithCertificate(),
      answers: [
        '\u0001\0\0\0\0\0\u0004\0\n\0\u001e\u00ce',
        '\u0001\0\0\0\0\0\u000a\0\n\0\u0032\u0001\u0093\u0003no!\u00ce',
        '\u0001\0\0\0\0\0\u0004\0\n\0\n\u00ce',
        'AMQP\0\0\u0009\u0001',
      ],
    },
  ],
  [
    'a MySQL server',
    {
      attempt: logIn('test', 'test'),
      answers: ['\u0007\0\0\u0003\0\0\0\u0002\0\0\0', '\u0017\0\0\u0003\u00ff\u0015\u0004#28000Access denied', '\u0001\0\0\u0003\u00fe'],
      greeting: mysqlGreeting(),
    },
  ],
])('whatever %s answers, the attempt ends with what it made of it', { timeout: 60_000 }, async ([, { attempt, answers, greeting }]) => {
  const random = randomNumbers(4);
  const seeds = answers.map((answer) => Buffer.from(answer, 'latin1'));
  await using server = await startAnswering(greeting);
  const outcomes: unknown[] = [];

  for (let round = 0; round < seeds.length + rounds; round += 1) {
    server.answer = seeds[round] ?? mutate(seeds, random);
    outcomes.push(await attempt({ host: '127.0.0.1', port: server.port, tls: identity.tls }).catch((error: unknown) => error));
  }

  expect(outcomes.filter((outcome) => outcome !== undefined && !(outcome instanceof Error && !(outcome instanceof RangeError)))).toEqual(
    [],
  );
  expect(outcomes[0]).toBeUndefined();
  expect(outcomes[1]).toBeInstanceOf(Error);
});

/** A server that begins TLS, where it has to after a greeting in the clear, and says the answer. */
async function startAnswering(greeting?: Buffer): Promise<AsyncDisposable & { readonly port: number; answer: Buffer }> {
  const running = { answer: Buffer.alloc(0) };
  const secured = tls.createServer(pki.server().tls, (socket) => {
    socket.on('error', () => {}).resume();
    socket.end(running.answer);
  });
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    if (greeting) socket.write(greeting);
    // A request for TLS has 36 octets, and a hello more.
    if (greeting) socket.once('readable', () => void (socket.read(36), secured.emit('connection', socket)));
    else secured.emit('connection', socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return Object.assign(running, {
    port,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

const rounds = 150;
