import { create, createFileRegistry } from '@bufbuild/protobuf';
import type { GenMessage, GenService } from '@bufbuild/protobuf/codegenv2';
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_wrappers,
  type StringValue,
  StringValueSchema,
} from '@bufbuild/protobuf/wkt';

type GreeterService = GenService<{ hello: { methodKind: 'unary'; input: GenMessage<StringValue>; output: GenMessage<StringValue> } }>;

/** `service Greeter { rpc Hello (StringValue) returns (StringValue); }` as protoc-gen-es generates it, without a .proto file. */
export function greeterService(): GreeterService {
  const type = `.${StringValueSchema.typeName}`;
  const service = [{ name: 'Greeter', method: [{ name: 'Hello', inputType: type, outputType: type }] }];
  const dependency = [file_google_protobuf_wrappers.proto.name];
  const file = create(FileDescriptorProtoSchema, { name: 'greeter.proto', package: 'test', syntax: 'proto3', dependency, service });
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file_google_protobuf_wrappers.proto, file] }));
  const greeter: unknown = registry.getService('test.Greeter');
  return greeter as GreeterService; // what its descriptor above says
}
