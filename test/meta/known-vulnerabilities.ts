import type { Cve } from '../../src/scenarios/catalogue/references.ts';

/** Published vulnerabilities of one kind in products that check certificates of clients, or present their own. */
export interface KnownVulnerability {
  /** Of CVE; none where the fault has no number. */
  readonly cves: readonly Cve[];
  /** Other names: an advisory, an issue. */
  readonly others?: readonly string[];
  readonly product: string;
  /** What goes wrong, in a line. */
  readonly fault: string;
  /** Scenarios that catch it beside those whose rows name it. */
  readonly by?: readonly (readonly [name: string, id: string])[];
  /** How a suite has to be set up to catch it. */
  readonly how?: string;
  /** Why no scenario catches it, whatever rows name it as of the same class. */
  readonly notCaught?: { readonly reason: string };
}

/** Vulnerabilities of 2023 to 2026 (and two older ones of the same kinds), each line a kind. */
export const knownVulnerabilities: readonly KnownVulnerability[] = [
  { cves: ['CVE-2026-123867'], product: 'Node.js', fault: 'a context for a host with a CA alone is ignored: the default CA decides' },
  { cves: ['CVE-2026-123872'], product: 'Node.js', fault: 'a TLS 1.2 renegotiation under another server name keeps the authorization' },
  { cves: ['CVE-2026-48928'], product: 'Node.js', fault: 'the context of a host is looked up with case' },
  { cves: ['CVE-2026-56850'], product: 'Node.js', fault: 'an https.Agent reuses connections across client identities given as PKCS#12' },
  { cves: ['CVE-2026-48934', 'CVE-2026-58040'], product: 'Node.js', fault: 'a resumed session skips the check of the host' },
  {
    cves: ['CVE-2026-48618', 'CVE-2026-105483', 'CVE-2026-106069'],
    product: 'Node.js',
    fault: 'a host in another spelling is resolved in one way and verified in another',
  },
  {
    cves: [],
    others: ['nodejs/node#35317'],
    product: 'Node.js 22',
    fault: 'a session that began without a certificate is authorized when it is resumed',
    by: [['nodejs/node#35317', 'resumption-without-certificate']],
  },
  { cves: ['CVE-2026-21637'], product: 'Node.js', fault: 'an exception in a callback for SNI, ALPN or PSK ends the process' },
  {
    cves: ['CVE-2026-109383', 'CVE-2026-87018', 'CVE-2026-9697'],
    product: 'undici',
    fault: 'checkServerIdentity dropped; a renegotiation crashes; requestTls dropped behind a SOCKS proxy',
    by: [['CVE-2026-109383', 'wrong-host']],
    how: 'where `checkServerIdentity` is what compares the host',
  },
  {
    cves: ['CVE-2025-23419', 'CVE-2025-23048'],
    others: ['GHSA-gv8r-9rw9-9697'],
    product: 'nginx, Apache httpd, Traefik',
    by: [['GHSA-gv8r-9rw9-9697', 'resumption-across-trust-contexts']],
    fault: 'a session of one virtual host is resumed at another, which trusts other clients',
  },
  { cves: ['CVE-2026-120967'], product: 'nginx stream', fault: 'the requirement of a client certificate is bypassed' },
  { cves: ['CVE-2026-28755'], product: 'nginx stream', fault: 'OCSP says revoked, and the handshake goes on' },
  { cves: ['CVE-2026-105236'], product: 'Erlang/OTP', fault: 'options by server name and reuse of sessions' },
  { cves: ['CVE-2025-68121', 'CVE-2022-21654'], product: 'Go, Envoy', fault: 'resumption survives a change of the trusted CAs' },
  {
    cves: [],
    others: ['Cloudflare, mTLS'],
    product: 'BoringSSL as Cloudflare used it',
    fault: 'a resumed session is not verified again',
    by: [
      ['Cloudflare, mTLS', 'resumption-across-trust-contexts'],
      ['Cloudflare, mTLS', 'resumption-after-anchor-rotation'],
    ],
  },
  {
    cves: ['CVE-2026-75595', 'CVE-2026-32305'],
    product: 'Netty, Traefik',
    fault: 'a ClientHello in two parts gets the default context, without client authentication',
  },
  {
    cves: ['CVE-2026-48491', 'CVE-2025-66614'],
    product: 'Traefik, Tomcat',
    fault: 'a request for another host than that of the handshake',
  },
  {
    cves: ['CVE-2026-53622'],
    product: 'Traefik',
    fault: 'HTTP/3 looks the server name up exactly: another case or a wildcard gets no client authentication',
    notCaught: { reason: 'it is in the path of HTTP/3, and this library does not speak QUIC' },
  },
  {
    cves: ['CVE-2026-116375'],
    product: 'Mbed TLS',
    fault: 'another server name after a HelloRetryRequest',
  },
  {
    cves: ['CVE-2026-93831'],
    product: 'Mbed TLS',
    fault: 'a session of TLS 1.3 is resumed by a ClientHello of TLS 1.2',
  },
  {
    cves: ['CVE-2026-34873'],
    product: 'Mbed TLS',
    fault:
      'a session of TLS 1.3 is resumed in TLS 1.2, without its key, where the second ClientHello after a HelloRetryRequest asks for that',
    notCaught: { reason: 'no scenario changes the version after a HelloRetryRequest yet' },
  },
  { cves: ['CVE-2024-45159'], product: 'Mbed TLS', fault: 'optional authentication in TLS 1.3 forgets keyUsage and extendedKeyUsage' },
  {
    cves: ['CVE-2022-25640', 'CVE-2022-25638'],
    product: 'wolfSSL',
    fault: 'Finished is accepted without Certificate or CertificateVerify; a signature whose scheme is not that of the certificate',
  },
  {
    cves: ['CVE-2026-55962'],
    product: 'wolfSSL',
    fault: 'after a CertificateRequest that follows the handshake, Finished is accepted without Certificate and CertificateVerify',
    notCaught: { reason: 'it shows in authentication after the handshake alone, which few servers begin' },
  },
  { cves: ['CVE-2026-93302'], product: 'wolfSSL', fault: 'a trusted peer is recognized without its key' },
  {
    cves: ['CVE-2026-5501', 'CVE-2026-11310', 'CVE-2026-11999'],
    product: "wolfSSL's OpenSSL API",
    fault: 'the signature of the leaf is not verified; an untrusted CA anchors the path; the depth is exhausted',
  },
  { cves: ['CVE-2025-15346', 'CVE-2026-1709'], product: 'wolfssl-py, Keylime', fault: 'a required client certificate is optional' },
  {
    cves: ['CVE-2026-5246'],
    product: 'Mongoose',
    fault: 'every client certificate is verified where the server has a P-384 key',
    by: [
      ['CVE-2026-5246', 'unknown-ca'],
      ['CVE-2026-5246', 'self-signed-leaf'],
    ],
    how: "`serverKeys: ['ec-p384']`",
  },
  { cves: ['CVE-2026-4370', 'CVE-2025-54424'], product: 'Juju, 1Panel', fault: 'the certificate of the peer is hardly verified' },
  {
    cves: ['CVE-2026-45389', 'CVE-2026-45388', 'CVE-2026-67294'],
    product: 'OCaml-TLS, FreeRDP',
    fault: 'keyUsage and extendedKeyUsage are not checked',
  },
  { cves: ['CVE-2026-27586', 'CVE-2024-1351'], product: 'Caddy, MongoDB', fault: 'without a usable CA file every client is accepted' },
  {
    cves: ['CVE-2026-24734', 'CVE-2026-29145', 'CVE-2026-53434'],
    product: 'Tomcat',
    fault: 'an OCSP response is not verified, or its absence forgiven; the configuration of CRLs is ignored',
  },
  {
    cves: [],
    others: ['RUSTSEC-2026-0049', 'RUSTSEC-2026-0042', 'RUSTSEC-2026-0048'],
    product: 'rustls-webpki, aws-lc',
    fault: 'which CRL covers a certificate, by its distribution points',
    by: [
      ['RUSTSEC-2026-0049', 'crl-second-distribution-point'],
      ['RUSTSEC-2026-0042', 'crl-second-distribution-point'],
      ['RUSTSEC-2026-0048', 'crl-second-distribution-point'],
    ],
  },
  {
    cves: ['CVE-2026-33810', 'CVE-2025-61727', 'CVE-2026-27137', 'CVE-2024-45341'],
    others: ['RUSTSEC-2026-0098', 'RUSTSEC-2026-0099'],
    product: 'Go, rustls-webpki',
    fault: 'name constraints: case, wildcards, several constraints, the zone of an address, URIs',
    by: [
      ['RUSTSEC-2026-0098', 'nc-permitted-uri-violated'],
      ['RUSTSEC-2026-0099', 'nc-permitted-host-wildcard-san'],
    ],
  },
  {
    cves: ['CVE-2025-22874'],
    product: 'Go',
    fault: 'ExtKeyUsageAny turns the check of policies off',
    how: 'where `expected` demands the refusal: most stacks do not look at policies',
  },
  { cves: ['CVE-2025-66220'], product: 'Envoy', fault: 'an otherName is compared up to its first NUL' },
  { cves: ['CVE-2026-33248'], product: 'NATS', fault: 'a subject matches the pattern of another' },
  {
    cves: ['CVE-2024-2048', 'CVE-2025-6037'],
    others: ['openbao/openbao#172'],
    product: 'Vault, OpenBao',
    by: [['openbao/openbao#172', 'pinned-leaf-same-serial-and-aki']],
    fault: 'a pinned leaf is recognized by its serial number and key identifier, or by its key alone',
  },
  {
    cves: ['CVE-2026-39388'],
    product: 'OpenBao',
    fault: 'a token is renewed with another valid certificate than that it was issued for',
    by: [['CVE-2026-39388', 'bound-token-of-another-key']],
  },
  {
    cves: ['CVE-2024-10039', 'CVE-2026-35616', 'CVE-2026-46579'],
    product: 'Keycloak, FortiClient EMS, OpenShift router',
    fault: 'an identity is taken from a header that the client itself has sent',
    how: "`describeForwardedUnderTest`, with `direct`, or with `through: 'proxy'`",
  },
  {
    cves: [],
    others: ['quarkusio/quarkus#55130'],
    product: 'Quarkus',
    fault: 'client certificates are no longer required after a reload',
    by: [['quarkusio/quarkus#55130', 'after-reload-without-certificate']],
  },
];

/** Whose texts could not be found in public copies when this list was written: what it says of them is second-hand. */
export const unread: ReadonlySet<string> = new Set([
  'CVE-2026-123867',
  'CVE-2026-123872',
  'CVE-2026-105483',
  'CVE-2026-106069',
  'CVE-2026-120967',
  'CVE-2026-105236',
  'CVE-2026-87018',
  'CVE-2026-109383',
  'CVE-2026-116375',
  'CVE-2026-93831',
  'CVE-2026-67294',
]);
