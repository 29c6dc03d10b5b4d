import { ownAddress, running, type ServerProcess } from '../server-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { describeForwarding, type ProxySetup } from './forwarding-suite.ts';

async function startHaproxy({ pki, anchors, backendPort }: ProxySetup): Promise<ServerProcess> {
  const folder = temporaryFolder();
  const address = ownAddress();
  const identity = pki.server();
  const credential = folder.write('identity.pem', identity.chainPem + identity.keyPem);
  const trusted = folder.write('anchors.pem', anchors);
  const bind = `ssl crt ${credential} ca-file ${trusted} verify optional`;
  const file = folder.write(
    'haproxy.cfg',
    `defaults
  mode http
  timeout connect 5s
  timeout client 20s
  timeout server 20s
frontend tls
  bind ${address.host}:${address.port} ${bind}
  bind ${address.host}:${address.port + 1} ${bind} crt-ignore-err all ca-ignore-err all
  http-request set-header X-SSL-CERT %[ssl_c_der,base64]
  http-request set-header X-SSL-Client-Used %[ssl_c_used]
  http-request set-header X-SSL-Client-Verify %[ssl_c_verify]
  http-request set-header X-SSL-Client-DN %{+Q}[ssl_c_s_dn]
  http-request set-header X-SSL-Client-CN %{+Q}[ssl_c_s_dn(cn)]
  http-request set-header X-SSL-Client-SHA1 %{+Q}[ssl_c_sha1,hex]
  http-request set-header X-SSL-Client-Serial %[ssl_c_serial,hex]
  http-request set-header X-SSL-Client-NotBefore %{+Q}[ssl_c_notbefore]
  http-request set-header X-SSL-Client-NotAfter %{+Q}[ssl_c_notafter]
  default_backend application
backend application
  server raw 127.0.0.1:${backendPort}
`,
  );
  return running(['haproxy', '-W', '-db', '-f', file], { address, ready: /Loading success/u, folder });
}

await describeForwarding({
  tool: 'haproxy',
  format: 'haproxy',
  start: startHaproxy,
  modes: [
    {
      name: 'verify optional',
      refuses: {
        CERT_HAS_EXPIRED: 'certificate_expired',
        DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown_ca',
        UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown_ca',
      },
    },
    { name: 'verify optional, and errors ignored', refuses: {} },
  ],
});
