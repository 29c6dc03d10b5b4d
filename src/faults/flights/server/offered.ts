import { ByteCursor } from '../../../wire/byte-cursor.ts';
import type { FlightContext } from '../../../wire/engine/flight.ts';
import { readClientHelloFields } from '../../../wire/hello/hello-fields.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';

/** What a client offers, as far as a faulty server goes against it. */
export interface Offered {
  /** The numbers of the extensions. */
  readonly extensions: readonly number[];
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
  /** Those that it sent a key share for. */
  readonly keyShares: readonly number[];
  /** The algorithms of compressed certificates; undefined where it takes none. */
  readonly compression: readonly number[] | undefined;
}

/** What the client offers in its last ClientHello. */
export function offeredTo({ received }: FlightContext): Offered {
  const { cipherSuites, extensions } = readClientHelloFields(new ByteCursor(received('client_hello') ?? new Uint8Array(0)));
  const extension = (type: number): ByteCursor | undefined => {
    const content = extensions.byType.get(type);
    return content && new ByteCursor(content);
  };
  return {
    extensions: [...extensions.byType.keys()],
    cipherSuites: cipherSuites.uint16List(),
    groups: extension(extensionType.supported_groups)?.vector(2).uint16List() ?? [],
    signatureSchemes: extension(extensionType.signature_algorithms)?.vector(2).uint16List() ?? [],
    keyShares: keySharesIn(extension(extensionType.key_share)?.vector(2)),
    compression: extension(extensionType.compress_certificate)?.vector(1).uint16List(),
  };
}

/** The first of these that is not offered; the last one where all are. */
export function firstNotOffered(candidates: readonly [number, ...number[]], offered: readonly number[]): number {
  return candidates.find((candidate) => !offered.includes(candidate)) ?? candidates.at(-1) ?? candidates[0];
}

function keySharesIn(shares = new ByteCursor(new Uint8Array(0))): number[] {
  const groups: number[] = [];
  while (shares.remaining >= 4) {
    groups.push(shares.uint(2));
    shares.vector(2);
  }
  return groups;
}
