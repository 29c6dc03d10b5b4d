// #region setup
import { startHttp2Server, startHttpsServer } from 'mtls-fixtures';
import { expect, test as base } from 'mtls-fixtures/vitest';

const test = base
  .extend('web', async ({ pki }, { onCleanup }) => {
    const web = await startHttpsServer((_request, response) => void response.end('hello'), { pki });
    onCleanup(() => web.close());
    return web;
  })
  .extend('alice', ({ pki }) => pki.client('alice'))
  .extend('expired', ({ pki }) => pki.client('old', { notAfter: new Date(0) }));

const refused = { by: 'server', alert: 'certificate_expired' } as const;
// #endregion
import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import axios from 'axios';
import got from 'got';
import type { Identity } from 'mtls-fixtures';
import { Agent, Dispatcher1Wrapper, request } from 'undici';

// #region https
test('node:https', async ({ web, alice, expired }) => {
  const get = ({ tls }: Identity): Promise<unknown> => once(https.get(web.url, { ...tls, agent: false }), 'response');

  await get(alice);
  await expect(get(expired)).toFailHandshake(refused);
});
// #endregion

// #region http2
test('node:http2', async ({ pki, alice, expired }) => {
  await using web = await startHttp2Server((_request, response) => response.end('hello'), { pki });
  const get = async ({ tls }: Identity): Promise<void> => {
    const session = http2.connect(web.url, tls);
    session.on('error', () => {}); // the request has it too
    await once(session.request(), 'response');
    session.close();
  };

  await get(alice);
  await expect(get(expired)).toFailHandshake(refused);
});
// #endregion

// #region undici
test('undici', async ({ web, alice, expired }) => {
  const get = ({ tls }: Identity): Promise<unknown> => request(web.url, { dispatcher: new Agent({ connect: tls }) });

  await get(alice);
  await expect(get(expired)).toFailHandshake({ ...refused, reason: 'CERT_HAS_EXPIRED' });
});
// #endregion

// #region fetch
test('fetch', async ({ web, alice, expired }) => {
  const get = ({ tls }: Identity): Promise<Response> => {
    const dispatcher = new Dispatcher1Wrapper(new Agent({ connect: tls })); // Node 26 takes the Agent itself
    return fetch(web.url, { dispatcher } as object); // Node's types have the dispatcher of its own undici
  };

  await get(alice);
  await expect(get(expired)).toFailHandshake({ ...refused, reason: 'CERT_HAS_EXPIRED' });
});
// #endregion

// #region axios
test('axios', async ({ web, alice, expired }) => {
  const get = ({ tls }: Identity): Promise<unknown> => axios.get(web.url, { httpsAgent: new https.Agent(tls) });

  await get(alice);
  await expect(get(expired)).toFailHandshake(refused);
});
// #endregion

// #region got
test('got', async ({ web, alice, expired }) => {
  const get = ({ tls: { key, cert, ca } }: Identity): Promise<string> =>
    got(web.url, { https: { key, certificate: cert, certificateAuthority: ca } }).text();

  await get(alice);
  await expect(get(expired)).toFailHandshake(refused);
});
// #endregion
