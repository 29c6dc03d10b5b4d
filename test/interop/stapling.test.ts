import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPki, type Identity, type ObservedServer, startHttpsServer } from '../../src/index.ts';
import { describeWith } from './judges.ts';
import { askCurl, askGnutls, askJava, askSclient, describeWithCurl } from './revocation-clients.ts';
import { temporaryFolder } from './temporary-folder.ts';

const pki = createPki();
const { root, issuer } = pki;
const leaf = pki.server();
const mustStaple = pki.server({ mustStaple: true });
/** Another authority that the clients trust: nothing but its not being the issuer speaks against it. */
const sibling = root.issueAuthority({ commonName: 'sibling CA' });
const yesterday = new Date(Date.now() - 86_400_000);
const tomorrow = new Date(Date.now() + 86_400_000);
const delegated = issuer.issue({ commonName: 'responder', extendedKeyUsage: ['ocspSigning'] });
const withoutPurpose = issuer.issue({ commonName: 'responder', extendedKeyUsage: ['serverAuth'] });
const strangeResponder = sibling.issue({ commonName: 'responder', extendedKeyUsage: ['ocspSigning'] });

interface Case {
  readonly identity?: Identity;
  readonly staple: Uint8Array | undefined;
  readonly gnutls: string;
  readonly curl: string;
  readonly java: string;
}

const invalid = 'The received OCSP status response is invalid';
const missing = 'The certificate requires the server to include an OCSP status in its response, but the OCSP status is missing';
const unauthorized = "Responder's certificate is not authorized to sign OCSP responses";

/** What each does: measured on GnuTLS 3.7.9, curl 7.88.1 with OpenSSL 3.0.19, OpenJDK 17.0.15. */
const cases: Readonly<Record<string, Case>> = {
  'a good staple': { staple: issuer.ocspResponse(leaf), gnutls: 'accepts', curl: 'accepts', java: 'accepts' },
  'a good staple by a responder that is named by its subject': {
    staple: issuer.ocspResponse(leaf, { responderId: 'name' }),
    gnutls: 'accepts',
    curl: 'accepts',
    java: 'accepts',
  },
  'a good staple by a delegated responder': {
    staple: issuer.ocspResponse(leaf, { responder: delegated }),
    gnutls: 'accepts',
    curl: 'accepts',
    java: 'accepts',
  },
  'a good staple for a certificate that demands one': {
    identity: mustStaple,
    staple: issuer.ocspResponse(mustStaple),
    gnutls: 'accepts',
    curl: 'accepts',
    java: 'accepts',
  },
  'no staple': {
    staple: undefined,
    gnutls: 'accepts',
    curl: 'No OCSP response received',
    java: 'Certificate does not specify OCSP responder',
  },
  'no staple for a certificate that demands one': {
    identity: mustStaple,
    staple: undefined,
    gnutls: missing,
    curl: 'No OCSP response received',
    java: 'Certificate does not specify OCSP responder',
  },
  'a staple that says "revoked"': {
    staple: issuer.ocspResponse(leaf, { status: 'revoked' }),
    gnutls: 'The certificate chain is revoked',
    curl: 'SSL certificate revocation reason: (UNKNOWN) (-1)',
    java: 'Certificate has been revoked, reason: UNSPECIFIED',
  },
  'a staple that says "unknown", which GnuTLS accepts': {
    staple: issuer.ocspResponse(leaf, { status: 'unknown' }),
    gnutls: 'accepts',
    curl: 'SSL server certificate status verification FAILED',
    java: "Certificate's revocation status is unknown",
  },
  'an expired staple': {
    staple: issuer.ocspResponse(leaf, { nextUpdate: yesterday }),
    gnutls: 'The revocation or OCSP data are old and have been superseded',
    curl: 'OCSP response has expired',
    java: 'Response is unreliable: its validity interval is out-of-date',
  },
  'a staple of tomorrow, which GnuTLS accepts': {
    staple: issuer.ocspResponse(leaf, { thisUpdate: tomorrow }),
    gnutls: 'accepts',
    curl: 'OCSP response has expired', // its words for every date that does not fit
    java: 'Response is unreliable: its validity interval is out-of-date',
  },
  'a staple signed by another authority of the same root': {
    staple: issuer.ocspResponse(leaf, { signedBy: sibling }),
    gnutls: invalid,
    curl: 'OCSP response verification failed',
    java: unauthorized,
  },
  'a staple signed by the root, which GnuTLS accepts': {
    staple: issuer.ocspResponse(leaf, { signedBy: root }),
    gnutls: 'accepts',
    curl: 'OCSP response verification failed',
    java: unauthorized,
  },
  'a staple signed by an unknown responder': {
    staple: issuer.ocspResponse(leaf, { signedBy: createPki({ name: pki.name }).issuer }),
    gnutls: invalid,
    curl: 'OCSP response verification failed',
    java: unauthorized,
  },
  'a staple by a responder without the purpose OCSPSigning': {
    staple: issuer.ocspResponse(leaf, { responder: withoutPurpose }),
    gnutls: invalid,
    curl: 'OCSP response verification failed',
    java: "Responder's certificate not valid for signing OCSP responses",
  },
  'a staple by a responder of another authority': {
    staple: issuer.ocspResponse(leaf, { responder: strangeResponder }),
    gnutls: invalid,
    curl: 'OCSP response verification failed',
    java: unauthorized,
  },
  'a staple about another certificate': {
    staple: issuer.ocspResponse(pki.server()),
    gnutls: invalid,
    curl: 'Could not find certificate ID in OCSP response',
    java: 'OCSP response does not include a response for a certificate supplied in the OCSP request',
  },
  'a staple that names the certificate by SHA-256, which only GnuTLS looks for': {
    staple: issuer.ocspResponse(leaf, { hash: 'sha256' }),
    gnutls: 'accepts',
    curl: 'Could not find certificate ID in OCSP response',
    java: 'OCSP response does not include a response for a certificate supplied in the OCSP request',
  },
  'a staple that says "try later", which GnuTLS accepts': {
    staple: issuer.ocspResponse(leaf, { responseStatus: 'tryLater' }),
    gnutls: 'accepts',
    curl: 'Invalid OCSP response status: trylater (3)',
    java: 'OCSP response error: TRY_LATER',
  },
  'a staple that says "try later" for a certificate that demands one': {
    identity: mustStaple,
    staple: issuer.ocspResponse(mustStaple, { responseStatus: 'tryLater' }),
    gnutls: missing,
    curl: 'Invalid OCSP response status: trylater (3)',
    java: 'OCSP response error: TRY_LATER',
  },
  'a staple that is not an OCSP response': {
    staple: Buffer.from('garbage'),
    gnutls: invalid,
    curl: 'Invalid OCSP response',
    java: 'java.io',
  },
};
const names = Object.keys(cases);
const folder = temporaryFolder();
const anchors = folder.write('anchors.pem', pki.anchors);

afterAll(() => {
  folder[Symbol.dispose]();
});

describe.for(['TLSv1.2', 'TLSv1.3'] as const)('over %s', (version) => {
  const start = (name: string): Promise<ObservedServer> => startStapling(caseOf(name), version);

  describeWith('certtool')('gnutls-cli', () => {
    test.for(names)('judges %s', async (name) => {
      await using server = await start(name);

      expect(await askGnutls(server, { anchors })).toContain(caseOf(name).gnutls);
    });
  });

  describeWithCurl()('curl --cert-status', () => {
    test.for(names)('judges %s', async (name) => {
      await using server = await start(name);

      expect(await askCurl(server, { anchors })).toContain(caseOf(name).curl);
    });

    test.for(names)('does not look without that option: %s', async (name) => {
      await using server = await start(name);

      expect(await askCurl(server, { anchors, checks: false })).toBe('accepts');
    });
  });

  describeWith('java')('Java', () => {
    const verdicts = new Map<string, string>();

    beforeAll(async () => {
      const servers = await Promise.all(names.map(start));
      const said = await askJava(
        servers.map((server) => ({ server, source: 'ocsp' })),
        { anchors },
      );
      names.forEach((name, index) => verdicts.set(name, said[index] ?? 'nothing'));
      await Promise.all(servers.map((server) => server.close()));
    });

    test.for(names)('judges %s', (name) => {
      expect(verdicts.get(name)).toContain(caseOf(name).java);
    });
  });

  describeWith('openssl')('openssl s_client -status', () => {
    test.for([
      ['a good staple', 'accepts, and prints "good"'],
      ['a staple that says "revoked"', 'accepts, and prints "revoked"'],
      ['an expired staple', 'accepts, and prints "good"'],
      ['a staple signed by an unknown responder', 'accepts, and prints "good"'],
      ['no staple for a certificate that demands one', 'accepts, and prints "no response sent"'],
    ] as const)('only prints %s', async ([name, verdict]) => {
      await using server = await start(name);

      expect(await askSclient(server, { anchors })).toBe(verdict);
    });
  });
});

describe('a leaf that the root issued itself: the server has no issuer to send', () => {
  const flat = createPki({ intermediates: 0 });
  const identity = flat.server();
  const flatAnchors = folder.write('flat.pem', flat.anchors);
  const start = (status: 'good' | 'revoked'): Promise<ObservedServer> =>
    startStapling({ identity, staple: flat.issuer.ocspResponse(identity, { status }) }, 'TLSv1.3');

  describeWith('certtool')('gnutls-cli', () => {
    test('finds the root in the response', async () => {
      await using good = await start('good');
      await using revoked = await start('revoked');

      expect(await askGnutls(good, { anchors: flatAnchors })).toBe('accepts');
      expect(await askGnutls(revoked, { anchors: flatAnchors })).toContain('The certificate chain is revoked');
    });
  });

  describeWithCurl()('curl --cert-status', () => {
    test('cannot tell whose certificate to look for', async () => {
      await using good = await start('good');

      expect(await askCurl(good, { anchors: flatAnchors })).toContain('Error computing OCSP ID');
    });
  });

  describeWith('java')('Java with com.sun.net.ssl.checkRevocation', () => {
    test('verifies the staple', async () => {
      await using good = await start('good');
      await using revoked = await start('revoked');
      await using none = await startStapling({ identity, staple: undefined }, 'TLSv1.3');

      const said = await askJava(
        [good, revoked, none].map((server) => ({ server, source: 'default' })),
        { anchors: flatAnchors },
      );

      expect(said).toEqual([
        'accepts',
        expect.stringContaining('Certificate has been revoked'),
        expect.stringContaining('Could not determine revocation status'),
      ]);
    });
  });
});

function startStapling(
  { identity = leaf, staple }: Pick<Case, 'identity' | 'staple'>,
  version: 'TLSv1.2' | 'TLSv1.3',
): Promise<ObservedServer> {
  const options = { identity, ...(staple && { staple }), clientAuth: 'none', minVersion: version, maxVersion: version } as const;
  return startHttpsServer((_request, response) => void response.end('hello'), options);
}

function caseOf(name: string): Case {
  const found = cases[name];
  if (!found) throw new Error(`no case ${name}`);
  return found;
}
