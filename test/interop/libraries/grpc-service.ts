import { makeGenericClientConstructor, type ServiceClientConstructor, type ServiceDefinition } from '@grpc/grpc-js';

/** `service Greeter { rpc Hello (bytes) returns (bytes); }` without a .proto file: messages are bytes as they are. */
export const greeter: ServiceDefinition = {
  hello: {
    path: '/test.Greeter/Hello',
    requestStream: false,
    responseStream: false,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  },
};

/** Its client. */
export const GreeterClient: ServiceClientConstructor = makeGenericClientConstructor(greeter, 'test.Greeter');

function asItIs(message: Buffer): Buffer {
  return message;
}
