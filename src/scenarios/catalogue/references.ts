/** Where a rule is written down: a section of an RFC or of another document, or the whole of it. */
export type Reference = (
  | { readonly rfc: number }
  | {
      /** A document that is not an RFC. */
      readonly document: ReferencedDocument;
    }
) & {
  readonly section?: string;
  /** What that place says, in a few words. */
  readonly note?: string;
};

/** Documents other than RFCs to which scenarios refer. */
export type ReferencedDocument =
  /** Tests of BoringSSL's runner, by their names. */
  | 'BoGo'
  | 'CA/Browser Forum Baseline Requirements'
  | 'Envoy'
  | 'JWT-SVID'
  | 'Netscape certificate extensions'
  /** SSL_CTX_set_security_level(3); the section is the level. */
  | 'OpenSSL security level'
  | 'RustSec'
  | 'SPIFFE Federation'
  | 'SPIFFE Workload API'
  | 'SPIFFE Workload Endpoint'
  | 'SPIFFE-ID'
  /** Tests of TLS-Anvil, by their ids. */
  | 'TLS-Anvil'
  | 'WHATWG URL'
  | 'X.690'
  | 'X509-SVID'
  /** Issues of these projects. */
  | 'nginx/nginx-gateway-fabric'
  | 'nodejs/node'
  | 'quarkusio/quarkus'
  /** Scripts of tlsfuzzer, by their names. */
  | 'tlsfuzzer';

/** The name of a vulnerability. */
export type Cve = `CVE-${number}-${string}`;

/** Weaknesses of the Common Weakness Enumeration that scenarios show. */
export type Cwe =
  | 'CWE-20'
  | 'CWE-158'
  | 'CWE-174'
  | 'CWE-176'
  | 'CWE-178'
  | 'CWE-201'
  | 'CWE-287'
  | 'CWE-290'
  | 'CWE-295'
  | 'CWE-296'
  | 'CWE-297'
  | 'CWE-298'
  | 'CWE-299'
  | 'CWE-306'
  | 'CWE-319'
  | 'CWE-326'
  | 'CWE-327'
  | 'CWE-328'
  | 'CWE-345'
  | 'CWE-347'
  | 'CWE-348'
  | 'CWE-354'
  | 'CWE-358'
  | 'CWE-362'
  | 'CWE-400'
  | 'CWE-436'
  | 'CWE-440'
  | 'CWE-444'
  | 'CWE-488'
  | 'CWE-613'
  | 'CWE-755'
  | 'CWE-636'
  | 'CWE-757'
  | 'CWE-770'
  | 'CWE-863'
  | 'CWE-1321';

/**
 * How bad it is where what is to be rejected is accepted. `critical`: a credential that no trusted CA has issued passes, or none at all. `high`: a credential passes for
 * another peer, for longer, or for more than it was issued for; or data is sent in the clear. `medium`: an attacker needs more than that, such as to break weak
 * cryptography or a CA that errs; or a service is exhausted. `low`: no attack follows from it alone. `informational`: nothing has to be rejected, or it is local policy.
 * Of the groups, `trust`, `usage` (of a CA), `crypto`, `protocol` and `forwarded` can be critical; the others presuppose a credential of a trusted CA and are high at most.
 */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'informational';

/** Where a scenario comes from. */
export interface ScenarioSources {
  /** The rules that it breaks, or is valid by; none where it is a matter of local policy. */
  readonly references: readonly Reference[];
  /** Vulnerabilities of this class. */
  readonly cves: readonly Cve[];
  /** The weaknesses that a target has which answers otherwise than expected. */
  readonly cwes: readonly Cwe[];
}

/** The sources of a scenario as its row gives them: those that it has none of may be left out. */
export type SourcesInRow = Pick<ScenarioSources, 'references'> & Partial<ScenarioSources>;

/** The sources of a scenario, which cannot be changed. */
export function frozenSources({ references, cves = [], cwes = [] }: SourcesInRow): ScenarioSources {
  for (const reference of references) Object.freeze(reference);
  return { references: Object.freeze(references), cves: Object.freeze(cves), cwes: Object.freeze(cwes) };
}

/** `RFC 5280 4.1.2.5, 6.1.3(a)(2); RFC 8446 4.4.2.4 (must be tolerated)`; `local policy` where there is none. */
export function describeReferences(references: readonly Reference[]): string {
  const groups: Reference[][] = [];
  for (const reference of references) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && last.note === undefined && titleOf(last) === titleOf(reference)) group.push(reference);
    else groups.push([reference]);
  }
  return groups.length === 0 ? 'local policy' : groups.map(describeGroup).join('; ');
}

/** The references, and after them the vulnerabilities and weaknesses: `RFC 5280 6.1.3(a)(1); class of CVE-2022-21449; CWE-347`. */
export function describeSources({ references, cves, cwes }: ScenarioSources): string {
  const rules = references.length === 0 && cves.length > 0 ? [] : [describeReferences(references)];
  return [...rules, ...(cves.length > 0 ? [`class of ${cves.join(' and ')}`] : []), ...cwes].join('; ');
}

/** What a weakness is called. */
export function weaknessName(cwe: Cwe): string {
  return weaknesses[cwe];
}

/** References to one document. */
function describeGroup(group: readonly Reference[]): string {
  const sections = group.flatMap(({ section }) => section ?? []).join(', ');
  const [first] = group;
  const note = group.at(-1)?.note;
  return [first && titleOf(first), sections, note !== undefined && `(${note})`].filter(Boolean).join(' ');
}

function titleOf(reference: Reference): string {
  return 'rfc' in reference ? `RFC ${reference.rfc}` : reference.document;
}

/** As cwe.mitre.org names them. */
const weaknesses: Readonly<Record<Cwe, string>> = {
  'CWE-20': 'Improper Input Validation',
  'CWE-158': 'Improper Neutralization of Null Byte or NUL Character',
  'CWE-174': 'Double Decoding of the Same Data',
  'CWE-176': 'Improper Handling of Unicode Encoding',
  'CWE-178': 'Improper Handling of Case Sensitivity',
  'CWE-201': 'Insertion of Sensitive Information Into Sent Data',
  'CWE-287': 'Improper Authentication',
  'CWE-290': 'Authentication Bypass by Spoofing',
  'CWE-295': 'Improper Certificate Validation',
  'CWE-296': "Improper Following of a Certificate's Chain of Trust",
  'CWE-297': 'Improper Validation of Certificate with Host Mismatch',
  'CWE-298': 'Improper Validation of Certificate Expiration',
  'CWE-299': 'Improper Check for Certificate Revocation',
  'CWE-306': 'Missing Authentication for Critical Function',
  'CWE-319': 'Cleartext Transmission of Sensitive Information',
  'CWE-326': 'Inadequate Encryption Strength',
  'CWE-327': 'Use of a Broken or Risky Cryptographic Algorithm',
  'CWE-328': 'Use of Weak Hash',
  'CWE-345': 'Insufficient Verification of Data Authenticity',
  'CWE-347': 'Improper Verification of Cryptographic Signature',
  'CWE-348': 'Use of Less Trusted Source',
  'CWE-354': 'Improper Validation of Integrity Check Value',
  'CWE-358': 'Improperly Implemented Security Check for Standard',
  'CWE-362': "Concurrent Execution using Shared Resource with Improper Synchronization ('Race Condition')",
  'CWE-400': 'Uncontrolled Resource Consumption',
  'CWE-436': 'Interpretation Conflict',
  'CWE-440': 'Expected Behavior Violation',
  'CWE-444': "Inconsistent Interpretation of HTTP Requests ('HTTP Request/Response Smuggling')",
  'CWE-488': 'Exposure of Data Element to Wrong Session',
  'CWE-613': 'Insufficient Session Expiration',
  'CWE-755': 'Improper Handling of Exceptional Conditions',
  'CWE-636': "Not Failing Securely ('Failing Open')",
  'CWE-757': "Selection of Less-Secure Algorithm During Negotiation ('Algorithm Downgrade')",
  'CWE-770': 'Allocation of Resources Without Limits or Throttling',
  'CWE-863': 'Incorrect Authorization',
  'CWE-1321': "Improperly Controlled Modification of Object Prototype Attributes ('Prototype Pollution')",
};
