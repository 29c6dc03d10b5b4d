// The relay between wget, which is on GnuTLS, and nginx, which answers 400 to clients that it does not accept, after the handshake.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPki, type Identity } from '../../../src/index.ts';
import { startRelay } from '../../../src/relay/start-relay.ts';
import { describeWith, run } from '../judges.ts';
import { pemFields } from '../peers/programs.ts';
import { versions } from '../peers/peer.ts';
import { ownAddress, runningNginx, type ServerProcess } from '../server-process.ts';
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.ts';

const pki = createPki({ name: 'relay' });
const otherPki = createPki({ name: 'other' });
const good = pki.client('alice');

interface Case {
  readonly name: string;
  readonly identity: Identity | undefined;
  readonly trust?: string;
  /** Where the relay listens: the certificate is for localhost and 127.0.0.1. */
  readonly host?: string;
  readonly rejectedBy?: 'client';
  readonly words: RegExp;
}

const cases: readonly Case[] = [
  { name: 'a valid client', identity: good, words: /hello CN=alice/u },
  { name: 'an expired client', identity: pki.client('old', { notAfter: new Date(Date.now() - 60_000) }), words: /ERROR 400: Bad Request/u },
  { name: 'a client of an unknown CA', identity: otherPki.client('mallory'), words: /ERROR 400: Bad Request/u },
  { name: "a client with a server's certificate", identity: pki.server(), words: /ERROR 400: Bad Request/u },
  { name: 'a client without a certificate', identity: undefined, words: /ERROR 400: Bad Request/u },
  {
    name: 'a client that trusts another CA',
    identity: good,
    trust: otherPki.anchors,
    rejectedBy: 'client',
    words: /The certificate of .localhost. is not trusted/u,
  },
  {
    name: 'a client that asks for another name',
    identity: good,
    host: '127.0.0.2',
    rejectedBy: 'client',
    words: /owner does not match hostname/u,
  },
];

describeWith('wget')('wget', () => {
  describeWith('nginx')('and nginx', () => {
    let folder: TemporaryFolder;
    let nginx: ServerProcess;
    beforeAll(async () => {
      folder = temporaryFolder();
      nginx = await startNginx();
    });
    afterAll(async () => {
      await nginx?.[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    });

    describe.for(versions)('over %s', (version) => {
      test.for(cases)('$name', async ({ identity, trust = pki.anchors, host = 'localhost', rejectedBy, words }) => {
        const listen = host === 'localhost' ? '127.0.0.1' : host;
        await using relay = await startRelay({ to: { host: nginx.host, port: nginx.port }, host: listen });
        const presented = identity ? pemFields(identity, folder) : undefined;

        const { stdout, stderr } = await run('wget', [
          '--no-config',
          '--tries=1',
          '--no-hsts',
          `--ciphers=NORMAL:-VERS-ALL:+VERS-${version.replace('TLSv', 'TLS')}`, // GnuTLS's priorities
          `--ca-certificate=${folder.write('trust.pem', trust)}`,
          ...(presented ? [`--certificate=${presented[0]}`, `--private-key=${presented[1]}`] : []),
          '-O-',
          `https://${host}:${relay.port}/`,
        ]);

        const [handshake, printed] = [await relay.nextHandshake(), `${stdout}\n${stderr}`];
        expect(printed).toMatch(words);
        expect([handshake.verdict, handshake.rejectedBy, handshake.protocol], `${handshake.explain()}\n${printed}`).toEqual([
          rejectedBy === undefined ? 'accepted' : 'rejected',
          rejectedBy,
          version,
        ]);
        expect(relay.problems).toEqual([]);
      });
    });
  });
});

async function startNginx(): Promise<ServerProcess> {
  const folder = temporaryFolder();
  const address = ownAddress();
  const [chain, key] = pemFields(pki.server(), folder);
  const server = `server {
    listen ${address.host}:${address.port} ssl;
    ssl_certificate ${chain};
    ssl_certificate_key ${key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_client_certificate ${folder.write('anchors.pem', pki.anchors)};
    ssl_verify_client on;
    ssl_verify_depth 4;
    location / { return 200 "hello $ssl_client_s_dn\\n"; }
  }`;
  return runningNginx([server], { address, folder });
}
