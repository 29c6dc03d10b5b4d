import { exchange } from './exchange.ts';
import type { ContainerAttempt } from './mtls-wait.ts';

/** Logs in to an AMQP 0-9-1 broker with nothing but the client's certificate (SASL EXTERNAL): let in when the broker goes on to tune the connection. */
export function logInWithCertificate(): ContainerAttempt {
  return (connection) => {
    let hasAnswered = false;
    return exchange(connection, {
      request: Buffer.from('AMQP\0\0\t\u0001', 'latin1'),
      judge: (received, send) => {
        if (received.length >= 4 && received.toString('latin1', 0, 4) === 'AMQP') return 'it speaks another version of AMQP';
        for (const { name, content } of methodsOf(received)) {
          if (name === connectionTune) return true;
          if (name === connectionClose) return content.toString('utf8', 3, 3 + (content[2] ?? 0));
          if (name !== connectionStart) return `it answers with the method ${name}`;
          if (!hasAnswered) send(startOk);
          hasAnswered = true;
        }
        return undefined;
      },
    });
  };
}

/** The methods whose frames are complete: class and method as `10.30`, and the arguments. */
function methodsOf(received: Buffer): { readonly name: string; readonly content: Buffer }[] {
  const methods = [];
  for (let at = 0; at + 7 < received.length;) {
    const end = at + 7 + received.readUInt32BE(at + 3);
    if (end >= received.length) break; // the octet that ends a frame has not come
    const payload = received.subarray(at + 7, end);
    if (received[at] === methodFrame && payload.length >= 4)
      methods.push({ name: `${payload.readUInt16BE(0)}.${payload.readUInt16BE(2)}`, content: payload.subarray(4) });
    at = end + 1;
  }
  return methods;
}

function frame(payload: Buffer): Buffer {
  const head = Buffer.from([methodFrame, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.from([0xce])]);
}

function shortText(text: string): Buffer {
  return Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
}

function long(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

const methodFrame = 1;
const [connectionStart, connectionTune, connectionClose] = ['10.10', '10.30', '10.50'];

/** The capability has the broker say why it refuses, where it would close without a word. */
const startOk = frame(
  Buffer.concat([
    Buffer.from([0, 10, 0, 11]),
    long(
      Buffer.concat([
        shortText('capabilities'),
        Buffer.from('F'),
        long(Buffer.concat([shortText('authentication_failure_close'), Buffer.from('t\u0001')])),
      ]),
    ),
    shortText('EXTERNAL'),
    long(Buffer.alloc(0)),
    shortText('en_US'),
  ]),
);
