import { decodePem } from '../../../src/asn1/pem.ts';
import { pemFields } from '../peers/programs.ts';
import { ownAddress, running, type ServerProcess } from '../server-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { ProxySetup } from './forwarding-suite.ts';

/** Starts Caddy with a site for each mode of its `client_auth`, on ports that follow each other. The last mode is the one that verifies no certificate. */
export async function startCaddy(command: string, { pki, anchors, backendPort }: ProxySetup): Promise<ServerProcess> {
  const folder = temporaryFolder();
  const address = ownAddress();
  const [chain, key] = pemFields(pki.server(), folder);
  // Caddy 2.6 reads the first certificate of a file alone.
  const trusted = decodePem(anchors).map(({ text }, index) => `trusted_ca_cert_file ${folder.write(`anchor${index}.pem`, text)}`);
  const site = (port: number, mode: string): string => `https://:${port} {
  bind ${address.host}
  tls ${chain} ${key} {
    client_auth {
      ${mode}
    }
  }
  reverse_proxy 127.0.0.1:${backendPort} {
    header_up X-Client-Cert {http.request.tls.client.certificate_der_base64}
    header_up X-Client-Fingerprint {http.request.tls.client.fingerprint}
    header_up X-Client-Issuer {http.request.tls.client.issuer}
    header_up X-Client-Serial {http.request.tls.client.serial}
    header_up X-Client-Subject {http.request.tls.client.subject}
  }
}
`;
  const global = '{\n  admin off\n  auto_https off\n  servers {\n    protocols h1\n    strict_sni_host insecure_off\n  }\n}\n';
  const verifying = site(address.port, ['mode verify_if_given', ...trusted].join('\n      '));
  const file = folder.write('Caddyfile', global + verifying + site(address.port + 1, 'mode request'));
  // Nothing is to be kept beyond the folder: neither certificates nor the last configuration.
  const environment = ['HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'].map((name) => `${name}=${folder.path}`);
  return running(['env', ...environment, command, 'run', '--config', file, '--adapter', 'caddyfile'], {
    address,
    ready: /serving initial configuration/u,
    folder,
  });
}
