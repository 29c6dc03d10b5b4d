import { extensionType } from '../../../registry/extension-types.ts';
import type { OfferedHello } from './read-client-hello.ts';
import type { Tls13State } from '../tls13-state.ts';

/** Requires that the second ClientHello is the first one but for what the HelloRetryRequest asked for (RFC 8446 4.1.2). */
export function checkSecondHello(state: Tls13State, hellos: SecondHello): void {
  const { first, second, group, cookie } = hellos;
  const { channel } = state;
  const isSame =
    first.random.equals(second.random) &&
    first.sessionId.equals(second.sessionId) &&
    String(first.cipherSuites) === String(second.cipherSuites) &&
    lasting(first) === lasting(second);
  channel.require('second-hello', isSame, 'the second ClientHello is not the first one', 'illegal_parameter');
  const shares = [...second.shares.keys()];
  const hasShare = group === undefined || (shares.length === 1 && shares[0] === group);
  channel.require('second-hello', hasShare, 'the second ClientHello does not have the key share that was asked for', 'illegal_parameter');
  const shown = second.extensions.get(extensionType.cookie);
  const isShown = !cookie || (shown !== undefined && Buffer.from(shown).subarray(2).equals(cookie));
  channel.require('second-hello', isShown, 'the second ClientHello does not show the cookie', 'illegal_parameter');
}

/** Both hellos, and what lay between them. */
export interface SecondHello {
  readonly first: OfferedHello;
  readonly second: OfferedHello;
  readonly group: number | undefined;
  readonly cookie: Buffer | undefined;
}

/** The extensions that may not differ, in one text; their order may (wolfSSL 5.5 sends them in another one). */
function lasting({ extensions }: OfferedHello): string {
  return [...extensions]
    .filter(([type]) => !changing.has(type))
    .map(([type, content]) => `${type} ${Buffer.from(content).toString('hex')}`)
    .toSorted()
    .join('\n');
}

const changing: ReadonlySet<number> = new Set([
  extensionType.key_share,
  extensionType.early_data,
  extensionType.cookie,
  extensionType.pre_shared_key,
  extensionType.padding,
]);
