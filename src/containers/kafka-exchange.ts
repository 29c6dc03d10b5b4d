import { exchange } from './exchange.ts';
import type { ContainerAttempt } from './mtls-wait.ts';

/** Asks a Kafka broker who is in its cluster: let in when it names at least one broker, which it does when it has registered itself. */
export function askForBrokers(): ContainerAttempt {
  return (connection) => exchange(connection, { request: metadataRequest, judge: judgeMetadata });
}

/** Response header 0 and Metadata response 2: size, correlation, the number of brokers, the brokers. */
function judgeMetadata(received: Buffer): true | string | undefined {
  if (received.length < 8) return undefined;
  if (received.readInt32BE(4) !== correlation) return 'it does not speak the protocol of Kafka';
  if (received.length < 12) return undefined;
  return received.readInt32BE(8) > 0 ? true : 'there is no broker in its cluster yet';
}

const correlation = 0x6d746c73;

/** Metadata 2, of no topic: what librdkafka 2.0 sends, and its mock broker answers. */
const metadataRequest = withSize(Buffer.concat([int16(3), int16(2), int32(correlation), int16(-1), int32(0)]));

function withSize(content: Buffer): Buffer {
  return Buffer.concat([int32(content.length), content]);
}

function int16(value: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeInt16BE(value);
  return octets;
}

function int32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeInt32BE(value);
  return octets;
}
