import { pemFields } from '../peers/programs.ts';
import { ownAddress, running, type ServerProcess } from '../server-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { describeForwarding, type ProxySetup } from './forwarding-suite.ts';

async function startApache({ pki, anchors, backendPort }: ProxySetup): Promise<ServerProcess> {
  const folder = temporaryFolder();
  const address = ownAddress();
  const [chain, key] = pemFields(pki.server(), folder);
  const trusted = folder.write('anchors.pem', anchors);
  const modules = ['mpm_event', 'authz_core', 'ssl', 'headers', 'proxy', 'proxy_http'];
  const server = (port: number, mode: string): string => `Listen ${address.host}:${port}
<VirtualHost ${address.host}:${port}>
  SSLEngine on
  SSLCertificateFile ${chain}
  SSLCertificateKeyFile ${key}
  SSLCACertificateFile ${trusted}
  SSLVerifyDepth 4
  SSLVerifyClient ${mode}
  RequestHeader set X-SSL-Client-Cert "%{SSL_CLIENT_CERT}s"
  RequestHeader set X-SSL-Client-Verify "%{SSL_CLIENT_VERIFY}s"
  RequestHeader set X-SSL-Client-S-DN "%{SSL_CLIENT_S_DN}s"
  RequestHeader set X-SSL-Client-I-DN "%{SSL_CLIENT_I_DN}s"
  RequestHeader set X-SSL-Client-M-Serial "%{SSL_CLIENT_M_SERIAL}s"
  ProxyPass / http://127.0.0.1:${backendPort}/
</VirtualHost>`;
  const file = folder.write(
    'apache.conf',
    `ServerRoot ${folder.path}
ServerName localhost
DefaultRuntimeDir ${folder.path}
PidFile ${folder.path}/apache.pid
ErrorLog "|/bin/cat"
LogLevel notice
User www-data
Group www-data
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
SSLSessionCache none
${server(address.port, 'optional')}
${server(address.port + 1, 'optional_no_ca')}
`,
  );
  return running(['apache2', '-DFOREGROUND', '-f', file], { address, ready: /resuming normal operations/u, folder });
}

await describeForwarding({
  tool: 'apache',
  format: 'apache',
  start: startApache,
  modes: [
    {
      name: 'optional',
      refuses: {
        CERT_HAS_EXPIRED: 'certificate_expired',
        DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown_ca',
        UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown_ca',
      },
    },
    { name: 'optional_no_ca', refuses: { CERT_HAS_EXPIRED: 'certificate_expired' } },
  ],
});
