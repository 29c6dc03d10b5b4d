import { readDer } from '../../../src/asn1/der-reader.ts';
import type { MessageContent } from '../../../src/wire/decode/decoded-message.ts';
import type { TsharkField, TsharkMessage } from '../pcapng/tshark.ts';

/** What tshark says about a message, in the words of our decoder; the names are Wireshark's own wherever it has one. */
export function factsOf(message: TsharkMessage): Record<string, unknown> {
  const { sentBy, kind, fields } = message;
  if (kind === 'alert')
    return { type: 'alert', sentBy, level: levels[show('tls.alert_message.level')], code: Number(show('tls.alert_message.desc')) };
  if (kind !== 'handshake') return { type: kind, sentBy };
  const type = typeOf(fields);
  const read = readers[type]?.(new Fields(fields)) ?? {};
  return { type, sentBy, ...Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) };

  function show(name: string): string {
    return fields.find((field) => field.name === name)?.show ?? '';
  }
}

class Fields {
  readonly #fields: readonly TsharkField[];

  constructor(fields: readonly TsharkField[]) {
    this.#fields = fields;
  }

  all(name: string): readonly TsharkField[] {
    return this.#fields.filter((field) => field.name === name);
  }

  names(name: string): string[] {
    return this.all(name).map(nameOf);
  }

  shown(name: string): string[] {
    return this.all(name).map(({ show }) => show);
  }

  octets(name: string): string | undefined {
    return this.all(name)[0]?.value;
  }

  number(name: string): number | undefined {
    const [field] = this.all(name);
    return field && Number(field.show);
  }

  /** The octets of several fields, each list grouped under the field that opens it. */
  groups(opening: string, item: string): string[] {
    const groups: string[] = [];
    for (const { name, value } of this.#fields) {
      if (name === opening) groups.push('');
      else if (name === item) groups.push((groups.pop() ?? '') + value);
    }
    return groups;
  }
}

/** The name in a line such as "Cipher Suite: TLS_AES_256_GCM_SHA384 (0x1302)", by the registry where Wireshark 4.0 is older than it. */
function nameOf({ name: field, line, value }: TsharkField): string {
  const newer = newerNames[value];
  if (newer !== undefined && /group|curve|sig_hash_alg/u.test(field)) return newer;
  const name = /: (.*) \([^()]*\)$/u.exec(line)?.[1] ?? line;
  return versions[name] ?? name;
}

function typeOf(fields: readonly TsharkField[]): string {
  const type = /: (.*) \(\d+\)$/u.exec(fields[0]?.line ?? '')?.[1] ?? '';
  const isRetry = fields.find(({ name }) => name === 'tls.handshake.random')?.value.startsWith('cf21ad74e59a6111') === true;
  return isRetry ? 'hello_retry_request' : type.toLowerCase().replaceAll(' ', '_');
}

function schemes(fields: Fields): string[] {
  return fields.names('tls.handshake.sig_hash_alg');
}

const readers: Readonly<Record<string, (fields: Fields) => object>> = {
  client_hello: (fields) => {
    const versionsOffered = fields.names('tls.handshake.extensions.supported_version');
    const [servername] = fields.shown('tls.handshake.extensions_server_name');
    return {
      random: fields.octets('tls.handshake.random'),
      sessionId: fields.octets('tls.handshake.session_id') ?? '',
      cipherSuites: fields.names('tls.handshake.ciphersuite'),
      versions: versionsOffered.length > 0 ? versionsOffered : fields.names('tls.handshake.version'),
      groups: fields.names('tls.handshake.extensions_supported_group'),
      signatureSchemes: schemes(fields),
      ...(servername !== undefined && { servername }),
      alpnProtocols: fields.shown('tls.handshake.extensions_alpn_str'),
      keyShares: fields.names('tls.handshake.extensions_key_share_group'),
      pskIdentities: fields.all('tls.handshake.extensions.psk.identity.identity').length,
      pskModes: fields.shown('tls.extension.psk_ke_mode').map((mode) => (mode === '1' ? 'psk_dhe_ke' : 'psk_ke')),
      extensions: fields.names('tls.handshake.extension.type'),
    };
  },
  server_hello: (fields) => {
    const [version = fields.names('tls.handshake.version')[0]] = fields.names('tls.handshake.extensions.supported_version');
    const [group] = fields.names('tls.handshake.extensions_key_share_group');
    const [alpnProtocol] = fields.shown('tls.handshake.extensions_alpn_str');
    const selectedPsk = fields.number('tls.handshake.extensions.psk.identity.selected');
    return {
      version,
      random: fields.octets('tls.handshake.random'),
      sessionId: fields.octets('tls.handshake.session_id') ?? '',
      cipherSuite: fields.names('tls.handshake.ciphersuite')[0],
      group,
      alpnProtocol,
      selectedPsk,
      extensions: fields.names('tls.handshake.extension.type'),
    };
  },
  hello_retry_request: (fields) => ({
    version: fields.names('tls.handshake.extensions.supported_version')[0],
    cipherSuite: fields.names('tls.handshake.ciphersuite')[0],
    group: fields.names('tls.handshake.extensions_key_share_selected_group')[0],
    extensions: fields.names('tls.handshake.extension.type'),
  }),
  encrypted_extensions: (fields) => ({
    extensions: fields.names('tls.handshake.extension.type'),
    alpnProtocol: fields.shown('tls.handshake.extensions_alpn_str')[0],
  }),
  certificate_request: (fields) => ({
    signatureSchemes: schemes(fields),
    extensions: fields.names('tls.handshake.extension.type'),
    certificateTypes: fields
      .all('tls.handshake.cert_type')
      .map(({ line }) => /: (.*) \(/u.exec(line)?.[1]?.toLowerCase().replaceAll(' ', '_')),
    // What is in the SETs of each name.
    authorities: fields.groups('tls.handshake.dname', 'x509if.RDNSequence_item'),
  }),
  certificate: (fields) => ({ certificates: fields.all('tls.handshake.certificate').map(({ value }) => value) }),
  certificate_verify: (fields) => ({ signatureScheme: schemes(fields)[0] }),
  certificate_status: (fields) => ({ responseLength: fields.number('tls.handshake.ocsp_response_len') }),
  server_key_exchange: (fields) => ({ group: fields.names('tls.handshake.server_named_curve')[0], signatureScheme: schemes(fields)[0] }),
  new_session_ticket: (fields) => ({
    lifetimeSeconds: fields.number('tls.handshake.session_ticket_lifetime_hint'),
    ticketLength: fields.number('tls.handshake.session_ticket_length'),
    extensions: fields.names('tls.handshake.extension.type'),
  }),
};

/** Our side of the same comparison: what tshark gives as octets. */
export function comparable(content: MessageContent): object {
  if (content.type === 'certificate') return { ...content, certificates: content.certificates.map(({ der }) => hex(der)) };
  if (content.type === 'certificate_status') return { ...content, responseLength: content.ocspResponse.length };
  if (content.type !== 'certificate_request') return content;
  return {
    ...content,
    authorities: content.authorities.map(({ der }) =>
      readDer(der, 'name')
        .children.map((set) => hex(set.content))
        .join(''),
    ),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

const levels: Readonly<Record<string, string>> = { 1: 'warning', 2: 'fatal' };

const versions: Readonly<Record<string, string>> = { 'TLS 1.3': 'TLSv1.3', 'TLS 1.2': 'TLSv1.2', 'TLS 1.1': 'TLSv1.1', 'TLS 1.0': 'TLSv1' };

/** From the registry of IANA; the pairs of TLS 1.2 that Wireshark writes as two words. */
const newerNames: Readonly<Record<string, string>> = {
  '11eb': 'SecP256r1MLKEM768',
  '11ec': 'X25519MLKEM768',
  '11ed': 'SecP384r1MLKEM1024',
  '0904': 'mldsa44',
  '0905': 'mldsa65',
  '0906': 'mldsa87',
  '081a': 'ecdsa_brainpoolP256r1tls13_sha256',
  '081b': 'ecdsa_brainpoolP384r1tls13_sha384',
  '081c': 'ecdsa_brainpoolP512r1tls13_sha512',
  '0301': 'rsa_pkcs1_sha224',
  '0302': 'dsa_sha224',
  '0303': 'ecdsa_sha224',
  '0402': 'dsa_sha256',
  '0502': 'dsa_sha384',
  '0602': 'dsa_sha512',
};
