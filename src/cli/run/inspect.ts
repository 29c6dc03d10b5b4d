import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { realNow } from '../../clock/real-clock.ts';
import { attemptHandshake } from '../../handshake/attempt/attempt-handshake.ts';
import { printable, printableJson } from '../../errors/printable.ts';
import { createPki } from '../../pki/pki.ts';
import { inspectCertificate, type PeerCertificate } from '../../x509/inspect-certificate.ts';
import { looksLikeAddress, parseAddress } from './address.ts';
import type { StarttlsProtocol } from '../../wire/starttls/negotiate-starttls.ts';
import { fileReason, invalidOption, MtlsFixturesError } from '../../errors/index.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { handshakeLine } from '../output/handshake-line.ts';
import { foldWords } from '../output/lines.ts';
import { shellQuote } from '../output/shell-quote.ts';
import { paint, print, printWords, widthOf } from '../output/terminal.ts';

/** Options of `mtls-fixtures inspect`. */
export interface InspectOptions {
  readonly starttls?: StarttlsProtocol;
  readonly servername?: string;
  readonly json?: true;
}

/** Shows what a certificate file says; or, with one handshake without client certificate, what a server presents, without judging it. */
export async function inspect(what: string, options: InspectOptions): Promise<ExitCode> {
  if (looksLikeAddress(what)) await inspectServer(what, options);
  else await inspectFile(what, options);
  return exitCodes.asExpected;
}

async function inspectFile(file: string, { starttls, servername, json }: InspectOptions): Promise<void> {
  for (const [option, value] of Object.entries({ '--starttls': starttls, '--servername': servername }))
    if (value !== undefined) throw invalidOption(option, value, `host:port beside it, not the file "${file}"`);
  const bytes = await readBounded(file);
  try {
    // PEM is text; anything else is read as DER.
    show(inspectCertificate(bytes.includes('-----BEGIN') ? bytes.toString('utf8') : bytes), json);
  } catch (cause) {
    if (!(cause instanceof MtlsFixturesError && 'problem' in cause.facts)) throw cause;
    const expected = `certificates in PEM or DER (${otherContent(file, bytes) ?? problemOf(cause.facts)})`;
    throw invalidOption('file', file, expected, { cause });
  }
}

function problemOf(facts: { readonly problem: string; readonly value?: string }): string {
  return facts.value === undefined ? facts.problem : `"${facts.value}": ${facts.problem}`;
}

/** What a file holds that is often taken for certificates. */
function otherContent(file: string, bytes: Buffer): string | undefined {
  if (bytes.length === 0) return 'it is empty';
  const isPkcs12 = bytes[0] === 0x30 && bytes.subarray(0, 12).includes(pkcs12Version);
  return isPkcs12 ? `it is PKCS#12; openssl pkcs12 -nokeys -in ${shellQuote(file)} prints its certificates` : undefined;
}

async function inspectServer(address: string, { starttls, servername, json }: InspectOptions): Promise<void> {
  const endpoint = { ...parseAddress(address), ...(starttls && { starttls }), ...(servername !== undefined && { servername }) };
  const handshake = await attemptHandshake(endpoint, { trust: createPki(), rejectUnauthorized: false });
  const request = handshake.messages.find((message) => message.type === 'certificate_request');
  const authorities = request?.authorities.map(({ text }) => text ?? 'unreadable');
  if (json) {
    const { protocol, cipher, alpn } = handshake;
    const certificates = handshake.serverCertificate ? chainOf(handshake.serverCertificate).map(plain) : [];
    const facts = { protocol, cipher, alpn, requestsClientCertificate: request !== undefined, authorities, certificates };
    print(printableJson(JSON.stringify(facts, null, 2)));
    return;
  }
  const requested = printable(authorities?.join(' or ') ?? '') || 'any CA';
  printWords(`${handshakeLine(handshake)}\n`);
  printWords(authorities ? `asks for a client certificate, of ${requested}\n` : 'asks for no client certificate\n');
  if (handshake.serverCertificate) show(handshake.serverCertificate, json);
}

/** The bytes of a file, of standard input for `-`; a chain of certificates is far below the bound. Throws `OPTION_INVALID` for what cannot be read or is longer. */
async function readBounded(file: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const source: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(await readable(file));
    for await (const chunk of source) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) break;
    }
  } catch (cause) {
    const reason = fileReason(cause);
    throw invalidOption('file', file, `a file that can be read, or host:port (${reason})`, { cause });
  }
  if (size <= limit) return Buffer.concat(chunks);
  throw invalidOption('file', file, `certificates of at most ${limit} octets`);
}

/** Fails here where the file is missing: the error of a stream could not be thrown to the caller. */
async function readable(file: string): Promise<string> {
  await stat(file);
  return file;
}

function show(certificate: PeerCertificate, json: true | undefined): void {
  const chain = chainOf(certificate);
  print(json ? printableJson(JSON.stringify(chain.map(plain), null, 2)) : chain.map(page).join('\n\n'));
}

function chainOf(certificate: PeerCertificate): readonly PeerCertificate[] {
  return [certificate, ...certificate.chain];
}

function plain({ chain: _chain, ...certificate }: PeerCertificate): object {
  return certificate;
}

function page(certificate: PeerCertificate): string {
  const { subject, issuer, notBefore, notAfter, altNames, keyUsage, extendedKeyUsage, isAuthority, pathLength } = certificate;
  const names = [...altNames.dns, ...altNames.ip, ...altNames.uri, ...altNames.email];
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['issuer', printable(issuer.text) || 'empty'],
    ['serial', certificate.serialNumber],
    ['valid', `${notBefore.toISOString()} to ${notAfter.toISOString()}${standing(certificate)}`],
    ['names', printable(names.join(', ')) || undefined],
    ['CA', isAuthority ? `yes${pathLength === undefined ? '' : `, ${pathLength} more below`}` : undefined],
    ['key', `${certificate.keyAlgorithm}, signed with ${certificate.signatureAlgorithm}`],
    ['key usage', keyUsage?.join(', ')],
    ['purpose', extendedKeyUsage?.join(', ')],
    ['SHA-256', certificate.fingerprint256],
    ['pin', certificate.spkiSha256],
  ];
  return [
    foldWords(paint('bold', printable(subject.text) || 'empty subject'), widthOf(process.stdout), { indent: 2 }),
    ...lines.flatMap(([label, text]) => (text === undefined ? [] : [fact(label, text)])),
  ].join('\n');
}

/** A fingerprint has no words, but pairs of digits. */
function fact(label: string, text: string): string {
  const after = label === 'SHA-256' ? /[ :]/u : / +/u;
  return foldWords(`  ${label.padEnd(10)} ${text}`, widthOf(process.stdout), { indent: 13, after });
}

function standing({ notBefore, notAfter }: PeerCertificate): string {
  const now = realNow();
  if (now > notAfter.getTime()) return paint('red', ' (expired)');
  return now < notBefore.getTime() ? paint('red', ' (not yet)') : '';
}

/** Octets; a chain of certificates is far below. */
const limit = 16_777_216;
/** INTEGER 3 (RFC 7292 4). */
const pkcs12Version = Buffer.of(0x02, 0x01, 0x03);
