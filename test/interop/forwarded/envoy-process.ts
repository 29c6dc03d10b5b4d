import { fetchedProgram } from '../judges.ts';
import { pemFields } from '../peers/programs.ts';
import { ownAddress, running, type ServerProcess } from '../server-process.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import type { ProxySetup } from './forwarding-suite.ts';

/** A listener of Envoy's. */
export interface EnvoyListener {
  readonly forward: 'SANITIZE_SET' | 'APPEND_FORWARD' | 'FORWARD_ONLY' | 'SANITIZE' | 'ALWAYS_FORWARD_ONLY';
  readonly trust: 'VERIFY_TRUST_CHAIN' | 'ACCEPT_UNTRUSTED';
  /** Envoy's own URI name. */
  readonly by?: string;
  readonly details?: string;
}

/** Starts Envoy with a listener each, on ports that follow each other. */
export async function startEnvoy({ pki, anchors, backendPort }: ProxySetup, listeners: readonly EnvoyListener[]): Promise<ServerProcess> {
  const folder = temporaryFolder();
  const address = ownAddress();
  const trusted = folder.write('anchors.pem', anchors);
  const blocks = listeners.map(({ forward, trust, by, details = allDetails }, index) => {
    const [chain, key] = pemFields(pki.server({ dns: ['localhost'], ...(by !== undefined && { uri: by }) }), folder);
    return `
  - name: listener ${index}
    address: { socket_address: { address: ${address.host}, port_value: ${address.port + index} } }
    filter_chains:
    - transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          common_tls_context:
            tls_params: { signature_algorithms: [${signatureAlgorithms.join(', ')}] }
            tls_certificates: [{ certificate_chain: { filename: ${chain} }, private_key: { filename: ${key} } }]
            validation_context: { trusted_ca: { filename: ${trusted} }, trust_chain_verification: ${trust} }
      filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: forwarded
          forward_client_cert_details: ${forward}
          set_current_client_cert_details: { ${details} }
          http_filters:
          - name: envoy.filters.http.router
            typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
          route_config:
            virtual_hosts: [{ name: application, domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: application } }] }]`;
  });
  const file = folder.write(
    'envoy.yaml',
    `static_resources:
  listeners:${blocks.join('')}
  clusters:
  - name: application
    load_assignment:
      cluster_name: application
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: ${backendPort} } } } }] }]
`,
  );
  const options = ['--concurrency', '1', '--disable-hot-restart', '--log-level', 'info'];
  return running([fetchedProgram('envoy'), '-c', file, ...options], { address, ready: /starting main dispatch loop/u, folder });
}

const allDetails = 'subject: true, cert: true, chain: true, uri: true, dns: true';
/** Its own list has no Ed25519: a client with such a key would present no certificate. */
const signatureAlgorithms = [
  'ecdsa_secp256r1_sha256',
  'ecdsa_secp384r1_sha384',
  'rsa_pss_rsae_sha256',
  'rsa_pss_rsae_sha384',
  'rsa_pss_rsae_sha512',
  'rsa_pkcs1_sha256',
  'ed25519',
];
