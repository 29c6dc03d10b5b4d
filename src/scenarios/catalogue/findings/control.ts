/**
 * A clause of a published control or guideline that scenarios show. Of OWASP ASVS the identifier that it prescribes, with its version, of the others the document and the
 * section.
 */
export type ControlId =
  | 'ASVS-v5.0.0-4.1.3'
  | 'ASVS-v5.0.0-4.2.1'
  | 'ASVS-v5.0.0-10.3.5'
  | 'ASVS-v5.0.0-10.4.14'
  | 'ASVS-v5.0.0-12.1.3'
  | 'ASVS-v5.0.0-12.1.4'
  | 'ASVS-v5.0.0-12.3.2'
  | 'ASVS-v5.0.0-12.3.4'
  | 'ASVS-v5.0.0-12.3.5'
  | 'SP800-52r2-3.1'
  | 'SP800-52r2-3.2.2'
  | 'SP800-52r2-3.3.1'
  | 'SP800-52r2-3.5'
  | 'SP800-52r2-3.5.1'
  | 'SP800-52r2-3.5.2'
  | 'SP800-52r2-4.2.2'
  | 'SP800-52r2-4.5'
  | 'SP800-52r2-4.5.1'
  | 'RFC9325-3.1.1'
  | 'RFC9325-3.1.3'
  | 'RFC9325-3.2'
  | 'RFC9325-3.4'
  | 'RFC9325-3.7'
  | 'RFC9325-3.8'
  | 'RFC9325-4.1'
  | 'RFC9325-4.5'
  | 'RFC9325-7.1'
  | 'RFC9325-7.5';

/** The document that a control is a clause of. */
export type ControlDocument = 'OWASP ASVS 5.0.0' | 'NIST SP 800-52r2' | 'RFC 9325';

/** A control, for readers. */
export interface Control {
  readonly id: ControlId;
  readonly document: ControlDocument;
  readonly clause: string;
  /** What it demands, in this project's words. */
  readonly title: string;
  /** The part of it that no scenario shows; absent where there is none. */
  readonly beyond?: string;
  readonly url: string;
}

/** The control of an id. */
export function controlOf(id: ControlId): Control {
  const document = documents.find(({ prefix }) => id.startsWith(prefix)) ?? documents[0];
  const clause = id.slice(document.prefix.length);
  const [title, beyond] = titles[id];
  return { id, document: document.name, clause, title, ...(beyond !== undefined && { beyond }), url: document.url(clause) };
}

/** Every control to which scenarios are mapped, by document and clause. */
export function allControls(): readonly Control[] {
  return (Object.keys(titles) as ControlId[]).map(controlOf); // the keys of that record
}

const documents: readonly [ControlSource, ...ControlSource[]] = [
  {
    prefix: 'ASVS-v5.0.0-',
    name: 'OWASP ASVS 5.0.0',
    url: (clause) => `https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/${chapters[clause.split('.', 1)[0] ?? '']}.md`,
  },
  { prefix: 'SP800-52r2-', name: 'NIST SP 800-52r2', url: () => 'https://doi.org/10.6028/NIST.SP.800-52r2' },
  { prefix: 'RFC9325-', name: 'RFC 9325', url: (clause) => `https://www.rfc-editor.org/rfc/rfc9325#section-${clause}` },
];

/** Chapters of OWASP ASVS, by number. */
const chapters: Readonly<Record<string, string>> = {
  4: '0x13-V4-API-and-Web-Service',
  10: '0x19-V10-OAuth-and-OIDC',
  12: '0x21-V12-Secure-Communication',
};

interface ControlSource {
  readonly prefix: string;
  readonly name: ControlDocument;
  readonly url: (clause: string) => string;
}

const boundTokens =
  'that the token is bound to the certificate (RFC 8705): shown is that TLS lets no client in without the key of its certificate';

/** Each with what it demands, and what no scenario shows of it. */
const titles: Readonly<Record<ControlId, readonly [title: string, beyond?: string]>> = {
  'ASVS-v5.0.0-4.1.3': ['clients cannot override a header that an intermediary sets', 'headers about anything but the client certificate'],
  'ASVS-v5.0.0-4.2.1': ['every component finds the end of a message in the same way', 'HTTP/2 and HTTP/3'],
  'ASVS-v5.0.0-10.3.5': ['resource servers require sender-constrained access tokens, by mutual TLS or DPoP', 'DPoP'],
  'ASVS-v5.0.0-10.4.14': ['authorization servers issue only sender-constrained access tokens, by mutual TLS or DPoP', boundTokens],
  'ASVS-v5.0.0-12.1.3': ['a client certificate is verified before its identity is used'],
  'ASVS-v5.0.0-12.1.4': ['certificate revocation is checked', 'OCSP stapling by the server under test'],
  'ASVS-v5.0.0-12.3.2': ['TLS clients verify the certificate of the server before they communicate'],
  'ASVS-v5.0.0-12.3.4': ['internal services trust only specific internal CAs and specific self-signed certificates'],
  'ASVS-v5.0.0-12.3.5': ['services authenticate each other strongly, such as by TLS client authentication'],
  'SP800-52r2-3.1': ['servers: protocol versions'],
  'SP800-52r2-3.2.2': ['servers: revocation status of client certificates'],
  'SP800-52r2-3.3.1': [
    'servers: cipher suites',
    'every suite that is not listed there: offered are suites of short tags or without encryption',
  ],
  'SP800-52r2-3.5': ['servers: client authentication'],
  'SP800-52r2-3.5.1': ['servers: path validation of client certificates'],
  'SP800-52r2-3.5.2': ['servers: trust anchors'],
  'SP800-52r2-4.2.2': ['clients: revocation status of server certificates'],
  'SP800-52r2-4.5': ['clients: server authentication'],
  'SP800-52r2-4.5.1': ['clients: path validation of server certificates'],
  'RFC9325-3.1.1': ['protocol versions: TLS 1.2 and 1.3, and none before them'],
  'RFC9325-3.1.3': ['no fallback to lower versions'],
  'RFC9325-3.2': ['strict TLS: nothing is said in the clear'],
  'RFC9325-3.4': ['a resumed session is as secure as a full handshake', 'the encryption and the age of session tickets'],
  'RFC9325-3.7': ['server name indication: a server does not continue for a name that it does not know'],
  'RFC9325-3.8': ['application protocols: no handshake without one in common'],
  'RFC9325-4.1': ['no cipher suites without encryption or with little security'],
  'RFC9325-4.5': ['keys of sufficient length, and no signatures with SHA-1 or MD5', 'Diffie-Hellman parameters'],
  'RFC9325-7.1': ['clients verify host names'],
  'RFC9325-7.5': ['revoked certificates are distrusted', 'OCSP stapling by the server under test'],
};
