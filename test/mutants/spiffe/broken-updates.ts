import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { Client, credentials } from '@grpc/grpc-js';
import { targetOf } from '../../../src/spiffe/source/watch.ts';
import type { SpiffeContext } from '../../../src/vitest/index.ts';
import { authorizes } from './correct-services.ts';
import type { SpiffeMutant } from './spiffe-subject.ts';
import { heldBy, heldOf, type ServiceRules, serviceWith, usualContext } from './workload-service.ts';

/** Services that do wrong what the Workload API delivers. */
export const wrongUpdates: readonly SpiffeMutant[] = [
  mutant('keeps the first SVID', 'It presents the SVID of the first message for ever.', ['workload-rotated'], {
    receive: (message, before) => ({ ...heldOf(message), ...(before && { key: before.key, cert: before.cert }) }),
  }),
  mutant('keeps the first bundles', 'It trusts the bundles of the first message for ever.', ['workload-new-root'], {
    receive: (message, before) => ({ ...heldOf(message), ...(before && { bundles: before.bundles }) }),
  }),
  mutant(
    'adds roots only',
    'It never forgets a root.',
    ['workload-retired-root', 'workload-federation-withdrawn', 'workload-federated-retired-root'],
    {
      receive: (message, before) => {
        const held = heldOf(message);
        const all = [...(before?.bundles ?? []), ...held.bundles];
        return { ...held, bundles: new Map(all.map(([id]) => [id, all.filter(([other]) => other === id).flatMap(([, roots]) => roots)])) };
      },
    },
  ),
  mutant('keeps federated bundles', 'It forgets no trust domain that it was federated with.', ['workload-federation-withdrawn'], {
    receive: (message, before) => {
      const held = heldOf(message);
      return { ...held, bundles: new Map([...(before?.bundles ?? []), ...held.bundles]) };
    },
  }),
  mutant(
    'updates with a new SVID only',
    'It looks at a message where its SVID has changed.',
    ['workload-retired-root', 'workload-federated-new-root'],
    {
      receive: (message, before) => {
        const held = heldOf(message);
        return before && held.cert === before.cert ? before : held;
      },
    },
  ),
  mutant('takes the last SVID', 'It presents the last SVID of a message.', ['workload-second-svid'], {
    receive: (message) => heldBy(message, message.svids.at(-1)),
  }),
  mutant(
    'presents what may sign',
    'It does not look whether its own leaf is a CA or may sign.',
    ['workload-message-ca-flag', 'workload-message-cert-sign'],
    { receive: (message) => heldBy(message, message.svids[0], { checksLeaf: false }) },
  ),
  mutant('forgets its roots', 'It sets key and certificate alone when they rotate.', ['workload-rotated'], {
    contextOf: (held, updates) => (updates === 1 ? usualContext(held) : { key: held.key, cert: held.cert }),
  }),
  mutant(
    'is open after a rotation',
    'It asks for certificates, and does not look at them after the first rotation.',
    ['workload-rotated-without-certificate', 'workload-rotated-untrusted'],
    {
      verifiesChains: false,
      lets: (request, { updates }) => updates > 1 || isVerified(request),
      accepts: () => false,
    },
  ),
  mutant('is open without a bundle', 'It accepts every client where its bundle is empty.', ['workload-empty-bundle-untrusted'], {
    verifiesChains: false,
    receive: (message, before) => {
      const [svid] = message.svids;
      if (svid?.bundle.length === 0 && before) return { ...before, bundles: new Map() };
      return heldOf(message);
    },
    lets: (request, { held }) => held.bundles.size === 0 || isVerified(request),
    accepts: () => false,
  }),
  mutant(
    'is closed by a message',
    'It drops what it has where a message cannot be used.',
    ['workload-message-other-key', 'workload-message-without-svids'],
    {
      onUnusable: () => undefined,
    },
  ),
  mutant(
    'is stuck by a message',
    'It takes no message after one that cannot be used.',
    ['workload-message-pem', 'workload-message-truncated'],
    {
      givesUp: 'after-unusable',
    },
  ),
  mutant(
    'ignores dates',
    'It lets in clients of which TLS says that their certificate is not valid now.',
    ['workload-expired', 'workload-not-yet-valid'],
    {
      verifiesChains: false,
      lets: (request) => isVerified(request, ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']),
      accepts: () => false,
    },
  ),
  mutant('goes on without entitlement', 'It presents its SVID after it has lost its entitlement.', ['workload-entitlement-lost'], {
    onDenied: (before) => before,
  }),
  mutant(
    'is open without entitlement',
    'It accepts every client after it has lost its entitlement.',
    ['workload-entitlement-lost-without-certificate', 'workload-entitlement-lost-untrusted'],
    {
      verifiesChains: false,
      onDenied: (before) => ({ ...before, bundles: new Map() }),
      lets: (request, { held }) => held.bundles.size === 0 || isVerified(request),
      accepts: () => false,
    },
  ),
  mutant(
    'does not connect again',
    'It does not come back when the stream has ended.',
    ['workload-entitled-again', 'workload-api-restarted'],
    {
      givesUp: 'after-end',
    },
  ),
  mutant('needs the API', 'It serves no client while the Workload API does not answer.', ['workload-api-stopped'], {
    onAway: () => undefined,
  }),
  mutant('drops connections', 'It ends every connection when it rotates.', ['workload-in-request', 'workload-under-load'], {
    onUpdate: (server) => server.closeAllConnections(),
  }),
  mutant('asks without header', 'It asks for bundles by a call without the security header.', ['workload-security-header'], {
    onStart: askWithoutHeader,
  }),
  mutant('knows no federation', 'It does not look at federated bundles.', ['control'], {
    receive: (message) => heldOf({ ...message, federatedBundles: new Map() }),
  }),
];

function isVerified(request: IncomingMessage, excused: readonly string[] = []): boolean {
  const { authorized, authorizationError, ...socket } = factsOf(request.socket as TLSSocket); // it is a server of https
  return (authorized || excused.includes(authorizationError)) && authorizes.some((id) => socket.names === `URI:${id}`);
}

function factsOf(socket: TLSSocket): {
  readonly authorized: boolean;
  readonly authorizationError: string;
  readonly names: string | undefined;
} {
  const { authorized, authorizationError } = socket;
  // A code at run time, whatever @types/node says.
  return { authorized, authorizationError: String(authorizationError), names: socket.getPeerX509Certificate()?.subjectAltName };
}

function askWithoutHeader({ address }: SpiffeContext): void {
  const client = new Client(targetOf(address), credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  client.makeUnaryRequest('/SpiffeWorkloadAPI/FetchX509Bundles', same, same, Buffer.alloc(0), () => client.close());
}

function mutant(name: string, mistake: string, caughtBy: SpiffeMutant['caughtBy'], rules: ServiceRules): SpiffeMutant {
  return { name, mistake, caughtBy, source: { start: serviceWith(rules), authorizes } };
}
