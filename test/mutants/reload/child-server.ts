// A server in a process of its own: node child-server.ts <key> <cert> <ca> <careful | crashes>. Reloads at SIGHUP; prints its port.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';

const [key = '', cert = '', ca = '', mode] = process.argv.slice(2);
const read = (): https.ServerOptions => {
  const texts = { key: fs.readFileSync(key), cert: fs.readFileSync(cert), ca: fs.readFileSync(ca) };
  createPrivateKey(texts.key);
  if (!new X509Certificate(texts.ca).ca) throw new Error('not an anchor');
  return texts;
};

const server = https.createServer({ ...read(), requestCert: true, rejectUnauthorized: true }, (_request, response) => response.end('ok'));
process.on('SIGHUP', () => {
  try {
    server.setSecureContext(read());
  } catch (error) {
    if (mode === 'crashes') throw error;
  }
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify(server.address())}\n`));
