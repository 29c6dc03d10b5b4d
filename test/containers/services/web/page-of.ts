import https from 'node:https';
import { text } from 'node:stream/consumers';
import type { ClientCredential } from '../../../../src/containers/mtls-container.ts';
import type { StartedMtlsWebServer } from '../../../../src/containers/services/web/web-server.ts';
import type { TlsVersion } from '../../../../src/scenarios/index.ts';

/** What a web server answers a client of node:https with; rejects where the status is another than 200. By Node, for undici hides alerts of TLS 1.3 over HTTP/1.1. */
export function pageOf(server: StartedMtlsWebServer, credential: ClientCredential, maxVersion?: TlsVersion): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { ...server.clientOptions(credential).connect, ...(maxVersion && { maxVersion }), agent: false };
    const sent = https.get(server.getUrl(), options, (response) => {
      if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`));
      text(response).then(resolve, reject);
    });
    sent.on('error', reject);
  });
}
