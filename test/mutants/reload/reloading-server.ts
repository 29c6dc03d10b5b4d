import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import type tls from 'node:tls';
import type { ReloadMaterial, ReloadSource } from '../../../src/scenarios/run/reload/reload-source.ts';

/** What a Node server is given of its files. */
export interface ServerTexts {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
  readonly crl: string[];
}

/** Reads the files, and rejects what Node would take: an empty key, and files of anchors or CRLs without any. */
export function readChecked(material: ReloadMaterial, { withCrl = false }: { readonly withCrl?: boolean } = {}): ServerTexts {
  const texts = readUnchecked(material, { withCrl });
  if (texts.key === '') throw new Error('the file of the key is empty');
  const anchors = blocks(texts.ca).map((anchor) => new X509Certificate(anchor));
  if (anchors.length === 0) throw new Error('the file of trust anchors holds no certificate');
  if (withCrl && texts.crl.length === 0) throw new Error('the file of CRLs holds no CRL');
  return texts;
}

/** Reads the files. A list of CRLs: Node 22 and 24 read the first of a text alone. */
export function readUnchecked(material: ReloadMaterial, { withCrl = false }: { readonly withCrl?: boolean } = {}): ServerTexts {
  const { files, trustFile } = material; // not crlFile: reading it says that CRLs are checked
  return {
    key: fs.readFileSync(files.key, 'utf8'),
    cert: fs.readFileSync(files.cert, 'utf8'),
    ca: fs.readFileSync(trustFile, 'utf8'),
    crl: withCrl ? blocks(fs.readFileSync(material.crlFile, 'utf8')) : [],
  };
}

function blocks(pem: string): string[] {
  return [...pem.matchAll(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n?/gu)].map(([block]) => block);
}

/** Of texts, the options of a context: without CRLs none are checked. */
export function contextOf({ crl, ...texts }: ServerTexts): tls.SecureContextOptions {
  return { ...texts, ...(crl.length > 0 && { crl }) };
}

/** An HTTPS server that requires client certificates. */
export function serve(options: https.ServerOptions): https.Server {
  return https.createServer({ requestCert: true, rejectUnauthorized: true, ...options }, (_request, response) => response.end('ok'));
}

/** A server that is reloaded by a call of this function, given its material and what `start` returned. */
export function byCall(
  start: (material: ReloadMaterial) => https.Server,
  reload: (server: https.Server, material: ReloadMaterial) => unknown,
): ReloadSource {
  let running: { readonly server: https.Server; readonly material: ReloadMaterial } | undefined;
  return {
    start: (material) => {
      running = { server: start(material), material };
      return running.server;
    },
    reload: () => running && reload(running.server, running.material),
    within: 1000,
  };
}
