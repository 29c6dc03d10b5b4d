import { pemFields } from '../peers/programs.ts';
import { ownAddress, runningNginx, type ServerProcess } from '../server-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { describeForwarding, type ProxySetup } from './forwarding-suite.ts';

async function startNginx({ pki, anchors, backendPort }: ProxySetup): Promise<ServerProcess> {
  const folder = temporaryFolder();
  const address = ownAddress();
  const [chain, key] = pemFields(pki.server(), folder);
  const trusted = folder.write('anchors.pem', anchors);
  const forwarding = `proxy_pass http://127.0.0.1:${backendPort};
      proxy_set_header X-SSL-CERT $ssl_client_escaped_cert;
      proxy_set_header X-SSL-Client-Verify $ssl_client_verify;
      proxy_set_header X-SSL-Client-S-DN $ssl_client_s_dn;
      proxy_set_header X-SSL-Client-I-DN $ssl_client_i_dn;
      proxy_set_header X-SSL-Client-Serial $ssl_client_serial;
      proxy_set_header X-SSL-Client-Fingerprint $ssl_client_fingerprint;`;
  const server = (port: number, mode: string): string => `server {
    listen ${address.host}:${port} ssl;
    ssl_certificate ${chain};
    ssl_certificate_key ${key};
    ssl_client_certificate ${trusted};
    ssl_verify_depth 4;
    ssl_verify_client ${mode};
    location / { ${forwarding} }
    location @application { ${forwarding} }
  }`;
  const servers = [
    server(address.port, 'optional'),
    server(address.port + 1, 'optional_no_ca'),
    server(address.port + 2, 'on; error_page 495 496 = @application'),
  ];
  return runningNginx(servers, { address, folder });
}

await describeForwarding({
  tool: 'nginx',
  format: 'nginx',
  start: startNginx,
  modes: [
    {
      name: 'optional',
      refuses: { CERT_HAS_EXPIRED: 400, DEPTH_ZERO_SELF_SIGNED_CERT: 400, UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 400 },
    },
    { name: 'optional_no_ca', refuses: { CERT_HAS_EXPIRED: 400 } },
    { name: 'on, and its errors answered by the application', refuses: {} },
  ],
});
