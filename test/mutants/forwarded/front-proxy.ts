import https from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { createPki, type Pki } from '../../../src/index.ts';
import { application } from './application.ts';
import type { ByLines } from './correct-identities.ts';

const authority = createPki({ name: 'front proxy' });
const { keyPem, chainPem } = authority.client('front-proxy-client');

/** How the front proxy of Kubernetes connects: with a certificate of a CA of its own. */
export const asFrontProxy: ConnectionOptions = { key: keyPem, cert: chainPem };

/** An extension API server: it lets its front proxy in by that certificate, unless `isOpen`, and believes what it says of the user. */
export async function behindFrontProxy(pki: Pki, identify: ByLines, { isOpen = false } = {}): Promise<https.Server> {
  const { keyPem: key, chainPem: cert } = pki.server();
  const server = await application('http', identify);
  const options = { key, cert, ca: authority.anchors, requestCert: true, rejectUnauthorized: !isOpen };
  return https.createServer(options, (request, response) => server.emit('request', request, response));
}
