import { createPrivateKey } from 'node:crypto';
import { duplexPair } from 'node:stream';
import { createPki } from '../../../src/pki/pki.ts';
import type { EngineConnection } from '../../../src/wire/engine/engine-connection.ts';
import type { FlightEdit, FlightEdits } from '../../../src/wire/engine/flight.ts';
import { EngineError } from '../../../src/wire/engine/handshake-end.ts';
import { runClientHandshake, runServerHandshake } from '../../../src/wire/engine/run-handshake.ts';
import { type Frame, framesIn, sideOf } from '../frames.ts';
import { require } from '../refusals.ts';

const { certificate, keyPem } = createPki({ name: 'fuzz' }).server();
const credential = { certificates: [certificate.raw], privateKey: createPrivateKey(keyPem) };
const common = { version: 'TLSv1.3', credential, timeout: 5, certificateCompression: ['zlib'] } as const;

/**
 * The engine for tests, with what a peer sends: without bit 1, the frames are the bytes of that side; with it, each is the body of the message of that side's
 * flight whose number is in the bits above, under the right keys. A handshake ends with a connection, or with the one error that says how else.
 */
export async function engine(input: Uint8Array): Promise<void> {
  const frames = framesIn(input);
  const raw = frames.filter(({ flags }) => (flags & 2) === 0);
  const [first] = raw;
  if (first) await hostileBytes(sideOf(first), Buffer.concat(raw.map(({ bytes }) => bytes)));
  const bodies = frames.filter(({ flags }) => (flags & 2) !== 0);
  if (bodies.length > 0) await hostileMessages(bodies);
}

async function hostileBytes(sentBy: 'client' | 'server', bytes: Buffer): Promise<void> {
  const [one, other] = duplexPair();
  other.end(bytes);
  other.resume();
  const run = sentBy === 'client' ? runServerHandshake(one, common) : runClientHandshake(one, common);
  require((await endOf(run)) !== undefined, 'a handshake completed with bytes that were written beforehand');
}

async function hostileMessages(frames: readonly Frame[]): Promise<void> {
  const [one, other] = duplexPair();
  const server = runServerHandshake(one, { ...common, requestCertificate: true, edits: editsOf(frames, 'server') });
  const client = runClientHandshake(other, { ...common, edits: editsOf(frames, 'client') });
  await Promise.all([endOf(server), endOf(client)]);
}

function editsOf(frames: readonly Frame[], side: 'client' | 'server'): FlightEdits {
  const edit: FlightEdit = (messages) =>
    messages.map((message, at) => {
      const frame = frames.find((candidate) => sideOf(candidate) === side && candidate.flags >> 2 === at);
      return frame ? { ...message, body: () => frame.bytes } : message;
    });
  return { [side]: edit };
}

/** How a handshake ended other than by a connection; any other error goes on: it is a finding. */
async function endOf(handshake: Promise<EngineConnection>): Promise<EngineError | undefined> {
  try {
    await (await handshake).close();
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}
