import { encodeName } from '../../../../x509/names/distinguished-name.ts';
import { nameConstraints } from '../../../../x509/names/name-constraints.ts';
import type { CredentialDraft } from '../../../drafts/credential-draft.ts';
import { all, leaf } from '../../changes.ts';
import { anchorConstrained, constrained, constrainedMildly, notPermitted, excluded } from './constraints.ts';
import { type CredentialTable, refused } from '../../credential-definition.ts';
import { asksFor, dns, named, unnamed } from './names.ts';

const permitsExample = all(asksFor('peer.example.test'), constrained({ permitted: { dns: 'example.test' } }));
const excludesOther = all(asksFor('peer.example.test'), constrained({ excluded: { dns: 'other.test' } }));

/** Host names that the issuing CA may not vouch for. The leaf is called peer.example.test unless said, and a client asks for that. */
export const nameConstraintsCredentials: CredentialTable = () => [
  {
    id: 'nc-permitted-dns-ok',
    title: 'a CA for one domain, the leaf inside',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10',
    differs: 'the issuing CA permits example.test',
    tier: 'control',
    valid: asksFor('peer.example.test'),
    fault: constrained({ permitted: { dns: 'example.test' } }),
  },
  {
    id: 'nc-permitted-dns-violated',
    title: 'a CA for one domain, the leaf outside',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10, 6.1.3(b)',
    differs: 'the issuing CA permits other.test only',
    tier: 'core',
    expected: notPermitted,
    valid: permitsExample,
    fault: constrained({ permitted: { dns: 'other.test' } }),
  },
  {
    id: 'nc-permitted-dns-violated-noncritical',
    title: 'a CA for one domain, not critical, the leaf outside',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10, 6.1.3(b)',
    differs: 'the issuing CA permits other.test only, in an extension that is not critical',
    tier: 'core',
    expected: notPermitted,
    valid: all(asksFor('peer.example.test'), constrainedMildly({ permitted: { dns: 'example.test' } })),
    fault: constrainedMildly({ permitted: { dns: 'other.test' } }),
  },
  {
    id: 'nc-excluded-dns-violated',
    title: 'a leaf in an excluded domain',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10, 6.1.3(c)',
    differs: 'the issuing CA excludes example.test',
    tier: 'core',
    expected: excluded,
    valid: excludesOther,
    fault: constrained({ excluded: { dns: 'example.test' } }),
  },
  {
    id: 'nc-excluded-dns-second-san',
    title: 'a leaf whose second name is in an excluded domain',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10, 6.1.3(c)',
    differs: 'a second dNSName follows, peer.other.test; the issuing CA excludes other.test',
    tier: 'core',
    expected: excluded,
    valid: excludesOther,
    fault: named(dns('peer.example.test'), dns('peer.other.test')),
  },
  {
    id: 'nc-excluded-host-wildcard-san',
    title: 'a wildcard that covers an excluded host',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10, 6.1.3(c); the class of CVE-2025-61727 (Go)',
    differs: 'the dNSName is *.example.test; the issuing CA excludes admin.example.test',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls go-1.19 java' },
    server: { divergent: 'node openssl openssl-strict gnutls go-1.19 java curl' },
    valid: all(asksFor('peer.example.test'), constrained({ excluded: { dns: 'admin.example.test' } })),
    fault: named(dns('*.example.test')),
  },
  {
    id: 'nc-permitted-host-wildcard-san',
    title: 'a wildcard that covers more than the permitted host',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10, 6.1.3(b); the class of RUSTSEC-2026-0099',
    differs: 'the dNSName is *.example.test; the issuing CA permits peer.example.test only',
    tier: 'core',
    expected: notPermitted,
    valid: all(asksFor('peer.example.test'), constrained({ permitted: { dns: 'peer.example.test' } })),
    fault: named(dns('*.example.test')),
  },
  {
    id: 'nc-permitted-dns-violated-by-cn',
    title: 'a CA for one domain, the leaf outside by its common name',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10 (does not speak of the common name)',
    differs: 'the leaf has no alternative names, and its common name is a host outside other.test, which the issuing CA permits',
    tier: 'extended',
    expected: notPermitted,
    client: { divergent: 'gnutls go' },
    server: { tier: 'core' },
    valid: all(calledByCommonName, constrained({ permitted: { dns: 'example.test' } })),
    fault: constrained({ permitted: { dns: 'other.test' } }),
  },
  {
    id: 'nc-excluded-dns-violated-by-cn',
    title: 'a leaf in an excluded domain by its common name',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10 (does not speak of the common name)',
    differs: 'the leaf has no alternative names, and its common name is a host in example.test, which the issuing CA excludes',
    tier: 'extended',
    expected: excluded,
    client: { divergent: 'gnutls go' },
    server: { tier: 'core' },
    valid: all(calledByCommonName, constrained({ excluded: { dns: 'other.test' } })),
    fault: constrained({ excluded: { dns: 'example.test' } }),
  },
  {
    id: 'nc-excluded-case-variant',
    title: 'a leaf in a domain that is excluded in capitals',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10, 7.2 (letter case does not count)',
    differs: 'the issuing CA excludes EXAMPLE.TEST',
    tier: 'core',
    expected: excluded,
    valid: all(asksFor('peer.example.test'), constrained({ excluded: { dns: 'OTHER.TEST' } })),
    fault: constrained({ excluded: { dns: 'EXAMPLE.TEST' } }),
  },
  {
    id: 'nc-excluded-san-trailing-dot',
    title: 'a leaf in an excluded domain, with a dot at the end of its name',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.6, 4.2.1.10, 6.1.3(c)',
    differs: 'a second dNSName follows, "peer.other.test."; the issuing CA excludes other.test',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict java' },
    server: { divergent: 'node openssl openssl-strict java curl' },
    valid: excludesOther,
    fault: named(dns('peer.example.test'), dns('peer.other.test.')),
  },
  {
    id: 'nc-malformed-leading-dot',
    title: 'a permitted domain with a dot at its beginning',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10 (only URIs and mail addresses have such constraints)',
    differs: 'the issuing CA permits .example.test',
    tier: 'varies',
    valid: permitsExample,
    fault: constrained({ permitted: { dns: '.example.test' } }),
  },
  {
    id: 'nc-in-trust-anchor-violated',
    title: 'a trust anchor for one domain, the leaf outside',
    group: 'usage',
    reference: 'RFC 5280 6.1.1 (constraints of an anchor are optional); RFC 5937',
    differs: 'the root permits other.test only',
    tier: 'varies',
    expected: notPermitted,
    divergent: 'java',
    valid: all(asksFor('peer.example.test'), anchorConstrained({ permitted: { dns: 'example.test' } })),
    fault: anchorConstrained({ permitted: { dns: 'other.test' } }),
  },
  {
    id: 'nc-in-leaf',
    title: 'name constraints in a leaf',
    group: 'usage',
    reference: 'RFC 5280 4.2.1.10 (must be in a CA only)',
    differs: 'the leaf has nameConstraints, which permit its own domain',
    tier: 'extended',
    expected: refused,
    client: { divergent: 'node openssl openssl-strict gnutls go java' },
    server: { divergent: 'node openssl openssl-strict gnutls go java deno curl' },
    valid: asksFor('peer.example.test'),
    fault: leaf((it) => {
      it.extend(nameConstraints({ permitted: { dns: 'example.test' } }));
    }),
  },
];

/** The leaf, and the client that asks for it, know only the common name. */
function calledByCommonName(draft: CredentialDraft): void {
  draft.host = 'peer.example.test';
  draft.leaf.subject = encodeName('peer.example.test');
  unnamed(draft);
}
