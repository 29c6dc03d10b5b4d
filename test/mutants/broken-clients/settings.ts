import { axiosClient, gotClient, http2Client, httpsClient, tlsClient, undiciFetch, undiciRequest } from '../correct-clients.ts';
import type { ClientUse, Mutant } from '../mutant.ts';

/** Clients whose TLS is configured wrongly. */
export const brokenSettings: readonly Mutant<ClientUse>[] = [
  {
    name: 'https: rejectUnauthorized false',
    mistake: 'It takes any certificate.',
    caughtBy: ['unknown-ca', 'expired-leaf', 'wrong-host'],
    call: httpsClient(() => ({ rejectUnauthorized: false })),
  },
  {
    name: 'undici fetch: rejectUnauthorized false',
    mistake: 'Its dispatcher takes any certificate.',
    isNarrow: true,
    caughtBy: ['self-signed-leaf', 'expired-leaf', 'wrong-host'],
    call: undiciFetch(() => ({ rejectUnauthorized: false })),
  },
  {
    name: 'axios: rejectUnauthorized false',
    mistake: 'Its agent takes any certificate.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'not-yet-valid-leaf', 'wrong-host'],
    call: axiosClient(() => ({ rejectUnauthorized: false })),
  },
  {
    name: 'got: lenient towards localhost',
    mistake: 'It verifies no server whose name is that of a developer.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'self-signed-leaf'],
    call: gotClient(({ host }) => ({ rejectUnauthorized: host !== 'localhost' })),
  },
  {
    name: 'tls: checkServerIdentity does nothing',
    mistake: 'It verifies the chain, and not whose certificate it is.',
    caughtBy: ['wrong-host', 'ip-san-mismatch'],
    call: tlsClient(() => ({ checkServerIdentity: () => undefined })),
  },
  {
    name: 'undici request: checkServerIdentity does nothing',
    mistake: 'It verifies the chain, and not whose certificate it is.',
    isNarrow: true,
    caughtBy: ['wrong-host', 'cn-matches-san-differs'],
    call: undiciRequest(() => ({ checkServerIdentity: () => undefined })),
  },
  {
    name: 'http2: no client certificate',
    mistake: 'It has a certificate, and does not present it.',
    isNarrow: true,
    caughtBy: ['presents-its-certificate'],
    call: http2Client(() => ({ key: undefined, cert: undefined })),
  },
  {
    name: 'axios: no client certificate',
    mistake: 'Its agent is made without its certificate.',
    isNarrow: true,
    caughtBy: ['presents-its-certificate'],
    call: axiosClient(() => ({ key: undefined, cert: undefined })),
  },
  {
    name: 'https: no CRL',
    mistake: 'It does not look at the CRLs that it is given.',
    isNarrow: true,
    caughtBy: ['crl-revoked-leaf', 'crl-revoked-intermediate'],
    call: httpsClient(() => ({ crl: undefined })),
  },
  {
    name: 'got: security level 0',
    mistake: 'It allows weak keys and digests in certificates, for an old server.',
    isNarrow: true,
    caughtBy: ['leaf-rsa-md5', 'leaf-rsa1024', 'leaf-rsa-sha1'],
    call: gotClient(() => ({ ciphers: 'DEFAULT:@SECLEVEL=0' })),
  },
];
