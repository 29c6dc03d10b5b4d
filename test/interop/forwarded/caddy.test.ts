import { fetchedProgram } from '../judges.ts';
import { startCaddy } from './caddy-process.ts';
import { describeForwarding } from './forwarding-suite.ts';

await describeForwarding({
  tool: 'current Caddy',
  format: 'caddy',
  start: async (setup) => startCaddy(fetchedProgram('caddy'), setup),
  modes: [
    {
      name: 'verify_if_given',
      refuses: {
        CERT_HAS_EXPIRED: 'certificate_expired',
        DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown_ca',
        UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown_ca',
      },
    },
    { name: 'request', refuses: {} },
  ],
});

await describeForwarding({
  tool: 'caddy',
  format: 'caddy',
  start: async (setup) => startCaddy('caddy', setup),
  modes: [
    {
      name: 'verify_if_given',
      refuses: {
        CERT_HAS_EXPIRED: 'bad_certificate',
        DEPTH_ZERO_SELF_SIGNED_CERT: 'bad_certificate',
        UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'bad_certificate',
      },
    },
    { name: 'request', refuses: {} },
  ],
  // Caddy 2.6, which Debian has, replaces no placeholder that it does not know.
  withoutCertificate: [
    ['X-Client-Cert', '{http.request.tls.client.certificate_der_base64}'],
    ['X-Client-Fingerprint', '{http.request.tls.client.fingerprint}'],
    ['X-Client-Issuer', '{http.request.tls.client.issuer}'],
    ['X-Client-Serial', '{http.request.tls.client.serial}'],
    ['X-Client-Subject', '{http.request.tls.client.subject}'],
  ],
});
