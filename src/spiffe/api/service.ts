import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import type { Duplex } from 'node:stream';
import { messageOf } from '../../errors/index.ts';

/** The methods whose answers are streams of the complete state (Workload API 4). */
export type StreamMethod = 'FetchX509SVID' | 'FetchX509Bundles' | 'FetchJWTBundles';
/** The methods with one answer. */
export type UnaryMethod = 'FetchJWTSVID' | 'ValidateJWTSVID';
/** Names of the statuses that are answered. */
export type WorkloadApiStatus = 'OK' | 'INVALID_ARGUMENT' | 'PERMISSION_DENIED';

/** A status of gRPC other than OK, to be answered. */
export interface Refusal {
  readonly code: Exclude<WorkloadApiStatus, 'OK'>;
  readonly details: string;
}

/** What the service answers with. */
export interface ServiceAnswers {
  /** The message with which a stream begins, or a refusal. */
  readonly first: (method: StreamMethod) => Buffer | Refusal;
  readonly answer: (method: UnaryMethod, request: Buffer) => Buffer | Refusal;
  /** Is told of each request and its first answer. */
  readonly onRequest: (method: StreamMethod | UnaryMethod, answered: WorkloadApiStatus) => void;
}

/** The gRPC service, on connections that are injected. */
export interface WorkloadService {
  readonly accept: (connection: Duplex) => void;
  /** How many streams of a method are open. */
  readonly watchers: (method: StreamMethod) => number;
  /** Sends each open stream of these methods what `first` gives now; a refusal ends the stream. */
  readonly push: (methods: readonly StreamMethod[]) => void;
  readonly close: () => void;
}

type Stream = ServerWritableStream<Buffer, Buffer>;

/** Starts the service of the Workload API (its protobuf definition has no package). */
export function createWorkloadService(answers: ServiceAnswers): WorkloadService {
  const server = new Server();
  const streams = new Map<StreamMethod, Set<Stream>>(streamMethods.map((method) => [method, new Set()]));
  const behind = new Set<Stream>();
  server.addService(Object.fromEntries([...streamMethods, ...unaryMethods].map((method) => [method, definitionOf(method)])), {
    ...Object.fromEntries(streamMethods.map((method) => [method, streaming(method, answers, streams.get(method) ?? new Set())])),
    ...Object.fromEntries(unaryMethods.map((method) => [method, unary(method, answers)])),
  });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    accept: (connection) => {
      injector.injectConnection(connection);
    },
    watchers: (method) => streams.get(method)?.size ?? 0,
    push: (methods) => {
      for (const method of methods) pushTo(streams.get(method) ?? new Set(), behind, () => answers.first(method));
    },
    close: () => {
      injector.destroy();
      server.forceShutdown();
    },
  };
}

function streaming(method: StreamMethod, answers: ServiceAnswers, open: Set<Stream>): handleServerStreamingCall<Buffer, Buffer> {
  return (call) => {
    const answered = hasSecurityHeader(call.metadata) ? answers.first(method) : headerMissing();
    answers.onRequest(method, isRefusal(answered) ? answered.code : 'OK');
    if (isRefusal(answered)) {
      end(call, answered);
      return;
    }
    open.add(call);
    call.on('cancelled', () => open.delete(call)); // by the client, by its deadline, and after an end of ours
    call.write(answered);
  };
}

function unary(method: UnaryMethod, answers: ServiceAnswers): handleUnaryCall<Buffer, Buffer> {
  return ({ metadata, request }, callback) => {
    const answered = hasSecurityHeader(metadata) ? answerOf(method, request, answers) : headerMissing();
    answers.onRequest(method, isRefusal(answered) ? answered.code : 'OK');
    if (isRefusal(answered)) callback({ code: status[answered.code], details: answered.details });
    else callback(null, answered);
  };
}

/** Bytes that are not a message are the caller's fault. */
function answerOf(method: UnaryMethod, request: Buffer, { answer }: ServiceAnswers): Buffer | Refusal {
  try {
    return answer(method, request);
  } catch (error) {
    if (error instanceof RangeError) return { code: 'INVALID_ARGUMENT', details: messageOf(error) };
    throw error;
  }
}

/** One message for all. A client that does not read gets the newest state when it does, not every one between. */
function pushTo(open: Set<Stream>, behind: Set<Stream>, next: () => Buffer | Refusal): void {
  if (open.size === 0) return;
  const message = next();
  for (const call of open) {
    if (isRefusal(message)) end(call, message);
    else if (!call.writableNeedDrain) call.write(message);
    else if (!behind.has(call)) {
      behind.add(call);
      call.once('drain', () => {
        behind.delete(call);
        pushTo(open.has(call) ? new Set([call]) : new Set(), behind, next);
      });
    }
    if (isRefusal(message)) open.delete(call);
  }
}

function end(call: Stream, { code, details }: Refusal): void {
  call.emit('error', { code: status[code], details });
}

/** Exactly once, and exactly so (Workload Endpoint 3). */
function hasSecurityHeader(metadata: Metadata): boolean {
  const values = metadata.get('workload.spiffe.io');
  return values.length === 1 && values[0] === 'true';
}

function definitionOf(method: StreamMethod | UnaryMethod): MethodDefinition<Buffer, Buffer> {
  return {
    path: `/SpiffeWorkloadAPI/${method}`,
    requestStream: false,
    responseStream: streamMethods.some((name) => name === method),
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

/** In SPIRE's words. */
function headerMissing(): Refusal {
  return { code: 'INVALID_ARGUMENT', details: 'security header missing from request' };
}

function isRefusal(answer: Buffer | Refusal): answer is Refusal {
  return !Buffer.isBuffer(answer);
}

function same(bytes: Buffer): Buffer {
  return bytes;
}

const streamMethods = ['FetchX509SVID', 'FetchX509Bundles', 'FetchJWTBundles'] as const satisfies readonly StreamMethod[];
const unaryMethods = ['FetchJWTSVID', 'ValidateJWTSVID'] as const satisfies readonly UnaryMethod[];
