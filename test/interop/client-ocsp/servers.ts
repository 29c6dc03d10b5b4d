import fs from 'node:fs';
import path from 'node:path';
import type { Pki } from '../../../src/index.ts';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { startChild } from '../peers/child.ts';
import { pemFields, sourceOf } from '../peers/programs.ts';
import { ownAddress, running, runningNginx, type ServerProcess } from '../server-process.ts';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder.ts';

/** What a server is started with. */
export interface ServerSetup {
  readonly pki: Pki;
  readonly version: TlsVersion;
}

/** nginx with `ssl_ocsp`, over HTTP. */
export async function startNginx({ pki, version }: ServerSetup): Promise<ServerProcess> {
  const folder = temporaryFolder();
  const address = ownAddress();
  const server = `server {
    listen ${address.host}:${address.port} ssl;
    ${nginxTls(pki, version, folder)}
    location / { return 200 "ok\\n"; }
  }`;
  return runningNginx([server], { address, folder });
}

/** Apache httpd with `SSLOCSPEnable on`. */
export async function startApache({ pki, version }: ServerSetup): Promise<ServerProcess> {
  const folder = temporaryFolder();
  const address = ownAddress();
  const [chain, key] = pemFields(pki.server(), folder);
  const modules = '/usr/lib/apache2/modules';
  fs.chmodSync(folder.write('index.html', 'ok\n'), 0o644); // its workers run as another user
  const file = folder.write(
    'apache.conf',
    `ServerRoot ${folder.path}
ServerName localhost
DefaultRuntimeDir ${folder.path}
PidFile ${folder.path}/apache.pid
ErrorLog "|/bin/cat"
LogLevel notice ssl:info
User www-data
Group www-data
LoadModule mpm_event_module ${modules}/mod_mpm_event.so
LoadModule authz_core_module ${modules}/mod_authz_core.so
LoadModule ssl_module ${modules}/mod_ssl.so
Listen ${address.host}:${address.port}
DocumentRoot ${folder.path}
SSLSessionCache none
SSLEngine on
SSLCertificateFile ${chain}
SSLCertificateKeyFile ${key}
SSLProtocol ${version === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2'}
SSLCACertificateFile ${folder.write('anchors.pem', pki.anchors)}
SSLVerifyClient require
SSLVerifyDepth 4
SSLOCSPEnable on
`,
  );
  return running(['apache2', '-DFOREGROUND', '-f', file], { address, ready: /resuming normal operations/u, folder });
}

/** Java's JSSE with a `PKIXRevocationChecker`; `ocsp-soft` is that with `SOFT_FAIL`. */
export async function startJava({ pki, version }: ServerSetup, mode: 'ocsp' | 'ocsp-soft'): Promise<ServerProcess> {
  const folder = temporaryFolder();
  const files = [folder.write('anchors.pem', pki.anchors), folder.write('identity.p12', pki.server().pkcs12('secret')), 'secret'];
  const program = path.join(sourceOf('java-server'), 'Server.java');
  const child = startChild('java', ['-XX:TieredStopAtLevel=1', program, ...files, version, mode]);
  const { port } = JSON.parse(await child.line()) as { readonly port: number }; // the first line of the program
  return {
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** OpenSSL's `s_server`, which verifies clients and asks no responder. */
export async function startOpenssl({ pki, version }: ServerSetup): Promise<ServerProcess> {
  const folder = temporaryFolder();
  const address = ownAddress();
  const [chain, key] = pemFields(pki.server(), folder);
  const own = ['-cert', chain, '-cert_chain', chain, '-key', key, '-CAfile', folder.write('anchors.pem', pki.anchors)];
  const verifying = ['-Verify', '4', '-verify_return_error', version === 'TLSv1.3' ? '-tls1_3' : '-tls1_2'];
  const args = ['s_server', '-accept', `${address.host}:${address.port}`, ...own, ...verifying, '-www'];
  return running(['openssl', ...args], { address, ready: /ACCEPT/u, folder });
}

function nginxTls(pki: Pki, version: TlsVersion, folder: TemporaryFolder): string {
  const [chain, key] = pemFields(pki.server(), folder);
  return [
    `ssl_certificate ${chain};`,
    `ssl_certificate_key ${key};`,
    `ssl_protocols ${version};`,
    `ssl_client_certificate ${folder.write('anchors.pem', pki.anchors)};`,
    'ssl_verify_client on;',
    'ssl_verify_depth 4;',
    'ssl_ocsp on;',
  ].join('\n    ');
}
