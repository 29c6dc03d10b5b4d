import { randomBytes } from 'node:crypto';
import { alterBody, repeat } from '../../../wire/engine/edits.ts';
import { extensionType } from '../../../wire/registry/extension-types.ts';
import { groups } from '../../../wire/registry/names.ts';
import { encodeUint, encodeVector } from '../../../wire/tls-encoding.ts';
import { alterExtensions, placeOfSuite, withExtension } from '../message-extensions.ts';
import { type FlightPlan, type FlightPlans, inBothVersions, inServerFlight } from './flight-plan.ts';
import { unsolicited } from './message-edits.ts';
import { firstNotOffered, offeredTo } from './offered.ts';

/** Faults of the ServerHello and of the HelloRetryRequest. */
export const helloPlans = {
  'hello-cipher-suite-not-offered': { 'TLSv1.3': withSuite([0x1304, 0x1305, 0x1306]), 'TLSv1.2': withSuite([0xc0ae, 0xc086, 0xc05c]) },
  'hello-group-not-offered': {
    'TLSv1.3': inServerFlight(
      alterExtensions('server_hello', (extensions, context) => {
        const share = extensions.find(({ type }) => type === extensionType.key_share)?.content ?? new Uint8Array(0);
        const group = encodeUint(2, firstNotOffered(rareGroups, offeredTo(context).groups));
        return withExtension(extensions, { type: extensionType.key_share, content: Buffer.concat([group, share.subarray(2)]) });
      }),
    ),
  },
  'hello-session-id-not-echoed': {
    'TLSv1.3': inServerFlight(
      alterBody('server_hello', (body) =>
        Buffer.concat([body.subarray(0, 34), encodeVector(1, randomBytes(32)), body.subarray(placeOfSuite(body))]),
      ),
    ),
  },
  'hello-compression': inBothVersions(
    inServerFlight(alterBody('server_hello', (body) => body.fill(deflate, placeOfSuite(body) + 2, placeOfSuite(body) + 3))),
  ),
  'hello-unsolicited-extension': {
    // Clients read over numbers that they do not know; these they do.
    'TLSv1.3': inServerFlight(
      alterExtensions('server_hello', (extensions) => [...extensions, { type: extensionType.pre_shared_key, content: encodeUint(2, 0) }]),
    ),
    'TLSv1.2': inServerFlight(
      alterExtensions('server_hello', (extensions, context) => [...extensions, unsolicited([emptyTimestamps, shortFragments], context)]),
    ),
  },
  'hello-twice': { 'TLSv1.2': inServerFlight(repeat('server_hello')) },
  'hello-wrong-renegotiation-info': {
    'TLSv1.2': inServerFlight(
      alterExtensions('server_hello', (extensions) =>
        // The verify_data of both sides, as in a renegotiation, of a handshake that there was not (RFC 5746 3.4).
        withExtension(extensions, { type: extensionType.renegotiation_info, content: encodeVector(1, randomBytes(24)) }),
      ),
    ),
  },
  'hello-retry-request-twice': {
    'TLSv1.3': {
      options: { helloRetry: 'group' },
      edits: {
        server: () => [{ name: 'hello_retry_request', body: ({ sent }) => sent('hello_retry_request') ?? new Uint8Array(0) }],
      },
    },
  },
  'hello-retry-request-unchanged': {
    'TLSv1.3': retrying(({ keyShares: [group = groups.x25519] }) => group),
  },
  'hello-retry-request-group-not-offered': {
    'TLSv1.3': retrying((offered) => firstNotOffered(rareGroups, offered.groups)),
  },
} as const satisfies Partial<FlightPlans>;

function withSuite(candidates: readonly [number, ...number[]]): FlightPlan {
  return inServerFlight(
    alterBody('server_hello', (body, context) => {
      body.writeUInt16BE(firstNotOffered(candidates, offeredTo(context).cipherSuites), placeOfSuite(body));
      return body;
    }),
  );
}

/** A HelloRetryRequest for nothing but a key share of this group. */
function retrying(groupFor: (offered: ReturnType<typeof offeredTo>) => number): FlightPlan {
  return {
    options: { helloRetry: 'group' },
    edits: {
      'hello-retry': alterExtensions('hello_retry_request', (extensions, context) =>
        withExtension(extensions, { type: extensionType.key_share, content: encodeUint(2, groupFor(offeredTo(context))) }),
      ),
    },
  };
}

/** RFC 6962 3.3.1, an empty list. */
const emptyTimestamps = { type: extensionType.signed_certificate_timestamp, content: encodeVector(2) };
/** RFC 6066 4. */
const shortFragments = { type: extensionType.max_fragment_length, content: Uint8Array.of(4) };
/** The first ones are of curves that few clients offer. */
const rareGroups = [0x000e, groups.secp256k1, groups.brainpoolP512r1] as const;
/** The number of the compression method (RFC 3749 2). */
const deflate = 1;
