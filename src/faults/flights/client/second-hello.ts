import { alterBody } from '../../../wire/engine/edits.ts';
import type { FlightContext, FlightEdit } from '../../../wire/engine/flight.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { encodeVector } from '../../../wire/tls-encoding.ts';
import type { EditedFlights } from './edited-flight.ts';
import { extensionsOf, type HelloExtension, withExtensions } from './hello-extensions.ts';

/** The edit of the first ClientHello that makes every server ask for another: it has no key share (RFC 8446 4.2.8). */
export const withoutKeyShare: FlightEdit = alterExtension(extensionType.key_share, (extension) => [
  { ...extension, content: encodeVector(2) },
]);

/** A second ClientHello that asks for another server name than the first. */
export const secondHello = {
  'second-hello-other-name': {
    shown: 'second ClientHello (with another server name)',
    retries: true,
    edits: {
      'TLSv1.3': { 'second-hello': alterExtension(extensionType.server_name, (extension) => [{ ...extension, content: otherName() }]) },
    },
    unfit: unlessNamed,
  },
  'second-hello-without-name': {
    shown: 'second ClientHello (without a server name)',
    retries: true,
    edits: { 'TLSv1.3': { 'second-hello': alterExtension(extensionType.server_name, () => []) } },
    unfit: unlessNamed,
  },
} as const satisfies EditedFlights<string>;

function alterExtension(type: number, alter: (extension: HelloExtension) => readonly HelloExtension[]): FlightEdit {
  return alterBody('client_hello', (body) =>
    withExtensions(body, (extensions) => extensions.flatMap((extension) => (extension.type === type ? alter(extension) : [extension]))),
  );
}

/** RFC 6066 3. */
function otherName(): Buffer {
  return encodeVector(2, Uint8Array.of(0), encodeVector(2, Buffer.from('other.mtls-fixtures.test', 'latin1')));
}

function unlessNamed({ sent }: FlightContext): string | undefined {
  const hello = sent('client_hello');
  const isNamed = hello !== undefined && extensionsOf(hello).some(({ type }) => type === extensionType.server_name);
  return isNamed ? undefined : 'it is asked for by no name';
}
