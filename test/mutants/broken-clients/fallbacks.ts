import https from 'node:https';
import axios from 'axios';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetch } from 'undici';
import type { ClientCall, PeerToCall } from '../../../src/scenarios/run/target.ts';
import { axiosClient, connect, gotClient, http2Client, httpsClient, requestTo, undiciFetch, undiciRequest } from '../correct-clients.ts';
import type { ClientUse, Mutant } from '../mutant.ts';

/** Clients whose TLS is in order, and that do something else when it fails, or do not notice. */
export const brokenFallbacks: readonly Mutant<ClientUse>[] = [
  {
    name: 'axios: tries again without verification',
    mistake: 'It catches every error, and tries again with rejectUnauthorized false.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'expired-leaf', 'wrong-host'],
    call: (peer) => axiosClient()(peer).catch(() => axiosClient(() => ({ rejectUnauthorized: false }))(peer)),
  },
  {
    name: 'http2: falls back to HTTP/1.1',
    mistake: 'When HTTP/2 fails it tries HTTP/1.1, for which no anchors were set, so that it was told not to verify.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'self-signed-leaf'],
    call: (peer) => http2Client()(peer).catch(() => httpsClient(() => ({ ca: undefined, rejectUnauthorized: false }))(peer)),
  },
  {
    name: 'https: tries again with the name it was told',
    mistake: 'When the name does not fit it tries again, and verifies only the chain.',
    isNarrow: true,
    caughtBy: ['wrong-host', 'ip-cn-only'],
    call: (peer) =>
      httpsClient()(peer).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'ERR_TLS_CERT_ALTNAME_INVALID')) throw error;
        return httpsClient(() => ({ checkServerIdentity: () => undefined }))(peer);
      }),
  },
  {
    name: 'undici fetch: tries again without TLS',
    mistake: 'It catches every error, and tries again with http.',
    isNarrow: true,
    caughtBy: ['retry-in-plaintext', 'unknown-ca', 'expired-leaf'],
    call: (peer) => undiciFetch()(peer).catch(() => fetch(peer.url.replace('https:', 'http:'))),
  },
  {
    name: 'axios: tries again without TLS where TLS is not spoken',
    mistake: 'It takes an answer that is no TLS for an invitation to go on without.',
    within: { group: 'protocol' },
    caughtBy: ['server-plaintext'],
    call: (peer) =>
      axiosClient()(peer).catch((error: unknown) => {
        if (!String(error).includes('wrong version number') && !String(error).includes('packet length')) throw error;
        return axios.get(peer.url.replace('https:', 'http:'), { proxy: false });
      }),
  },
  {
    name: 'got: swallows errors',
    mistake: 'It writes the error to the log, and goes on as if nothing had happened.',
    caughtBy: ['unknown-ca', 'wrong-host', 'server-resets', 'alert-at-client-hello-handshake-failure'],
    call: (peer) => gotClient()(peer).catch(() => undefined),
  },
  {
    name: 'https: does not wait for the answer',
    mistake: 'It is content when it has handed the request over.',
    isNarrow: true,
    caughtBy: ['unknown-ca', 'expired-leaf', 'server-resets'],
    call: async ({ url, tls }) => {
      https.get(url, { agent: false, ...tls }, (response) => response.resume()).on('error', () => {});
    },
  },
  {
    name: 'undici request: tries until it works',
    mistake: 'It tries again forever.',
    timeout: 2000,
    isNarrow: true,
    caughtBy: ['unknown-ca', 'expired-leaf', 'server-immediate-close'],
    call: async (peer) => {
      // As good as forever: it has to end some time after the test.
      for (let tries = 0; tries < 60; tries++)
        try {
          return await undiciRequest()(peer);
        } catch {
          await sleep(50);
        }
      throw new Error('tired');
    },
  },
  {
    name: 'https: no time-out',
    mistake: 'It waits forever for a server that falls silent.',
    timeout: 1500,
    isNarrow: true,
    caughtBy: ['server-stalls', 'server-half-hello', 'server-hello-then-silence'],
    call: httpsClient(),
  },
  {
    name: 'https: half an answer',
    mistake: 'It takes the end of the stream for the end of the answer.',
    isNarrow: true,
    caughtBy: ['server-truncates-response'],
    call: ({ url, tls }) =>
      new Promise((resolve, reject) => {
        const request = https.get(url, { agent: false, ...tls }, (response) => {
          response.resume();
          response.on('error', () => {});
          response.on('close', resolve);
        });
        request.on('error', reject);
      }),
  },
  {
    name: 'tls: half an answer',
    mistake: 'It reads until the connection closes, and does not look at the length of the answer.',
    isNarrow: true,
    caughtBy: ['server-truncates-response'],
    call: readToTheEnd,
  },
];

function readToTheEnd(peer: PeerToCall): ReturnType<ClientCall> {
  return new Promise((resolve, reject) => {
    const socket = connect(peer, {}, () => socket.write(requestTo(peer)));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => (answer === '' ? reject(new Error('closed')) : resolve(answer)));
  });
}
