import { createRequire } from 'node:module';
import path from 'node:path';
import protobuf from 'protobufjs';

/** Envoy's own definitions of its configuration, as `@grpc/grpc-js-xds` brings them; undefined where it is not installed. */
export function envoyDefinitions(): protobuf.Root | undefined {
  const folder = foldersOfXds();
  if (folder === undefined) return undefined;
  const root = new protobuf.Root();
  root.resolvePath = (_, file) => {
    const [top = ''] = file.split('/');
    return file.startsWith('google/protobuf/') ? path.join(folderOf('protobufjs'), file) : path.join(folder, homes[top] ?? top, file);
  };
  return root.loadSync(
    files.map((file) => `envoy/${file}`),
    { keepCase: true },
  );
}

/** Reads a message of the canonical JSON form as strictly as Envoy: what is unknown, of another type or missing though required, by its path. */
export function problemsOf(value: unknown, type: protobuf.Type, at = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: it is no ${type.name}`];
  const { '@type': url, ...fields } = value as Record<string, unknown>; // an object, with whatever keys
  if (type.fullName === '.google.protobuf.Any') {
    if (typeof url !== 'string') return [`${at}: @type is missing`];
    const name = url.slice(url.lastIndexOf('/') + 1);
    try {
      return problemsOf(fields, type.root.lookupType(name), `${at}<${name.slice(name.lastIndexOf('.') + 1)}>`);
    } catch (error) {
      return [`${at}: ${String(error)}`];
    }
  }
  const names = Object.keys(fields);
  const ones = type.oneofsArray.filter(({ oneof }) => !oneof[0]?.startsWith('_'));
  return [
    ...names.flatMap((name) => {
      const field = type.fields[name];
      return field ? problemsOfField(fields[name], field.resolve(), `${at}.${name}`) : [`${at}.${name}: ${type.name} has no such field`];
    }),
    ...type.fieldsArray
      .filter((field) => isRequired(field) && !names.includes(field.name))
      .map(({ name }) => `${at}.${name}: it is missing`),
    ...ones
      .filter(({ oneof }) => oneof.filter((name) => names.includes(name)).length > 1)
      .map(({ name }) => `${at}: more than one ${name}`),
    ...ones
      .filter((one) => one.options?.['(validate.required)'] === true && !one.oneof.some((name) => names.includes(name)))
      .map(({ name }) => `${at}: no ${name}`),
  ];
}

function problemsOfField(value: unknown, field: protobuf.Field, at: string): string[] {
  if (field.repeated && !Array.isArray(value)) return [`${at}: it is no list`];
  if (!field.repeated) return problemsOfValue(value, field, at);
  return (value as unknown[]).flatMap((entry, index) => problemsOfValue(entry, field, `${at}[${index}]`)); // a list, as just seen
}

function problemsOfValue(value: unknown, { resolvedType, type }: protobuf.Field, at: string): string[] {
  if (resolvedType instanceof protobuf.Enum)
    return typeof value === 'string' && value in resolvedType.values ? [] : [`${at}: ${resolvedType.name} has no ${String(value)}`];
  if (resolvedType instanceof protobuf.Type && !(resolvedType.fullName in wrapped)) return problemsOf(value, resolvedType, at);
  const expected = jsonTypes[resolvedType ? (wrapped[resolvedType.fullName] ?? '') : type] ?? 'number';
  return typeof value === expected ? [] : [`${at}: it is a ${typeof value} in place of a ${expected}`];
}

/** By the rules of protoc-gen-validate, which the parser flattens. */
function isRequired({ options = {}, partOf }: protobuf.Field): boolean {
  const rules = ['message.required', 'duration.required', 'any.required', 'string.min_len', 'string.min_bytes', 'repeated.min_items'];
  return partOf === null && rules.some((rule) => Boolean(options[`(validate.rules).${rule}`]));
}

function foldersOfXds(): string | undefined {
  try {
    return path.join(folderOf('@grpc/grpc-js-xds'), 'deps');
  } catch {
    return undefined;
  }
}

function folderOf(packageName: string): string {
  return path.dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
}

const homes: Readonly<Record<string, string>> = {
  envoy: 'envoy-api',
  google: 'googleapis',
  validate: 'protoc-gen-validate',
  udpa: 'xds',
  xds: 'xds',
};

const files = [
  'config/bootstrap/v3/bootstrap.proto',
  'extensions/transport_sockets/tls/v3/tls.proto',
  'extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto',
  'extensions/filters/http/router/v3/router.proto',
];

const jsonTypes: Readonly<Record<string, 'string' | 'boolean'>> = { string: 'string', bytes: 'string', bool: 'boolean' };

/** Messages that JSON writes as a plain value (protobuf's JSON mapping). */
const wrapped: Readonly<Record<string, string>> = {
  '.google.protobuf.BoolValue': 'bool',
  '.google.protobuf.StringValue': 'string',
  '.google.protobuf.Duration': 'string',
  '.google.protobuf.UInt32Value': 'uint32',
  '.google.protobuf.UInt64Value': 'uint64',
  '.google.protobuf.DoubleValue': 'double',
};
