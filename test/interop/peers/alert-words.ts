/** The registered name of the alert that a library says it received, from its own words; undefined where they tell of none. */
export function alertHeard(words: string): string | undefined {
  return numbered(words) ?? named(words) ?? worded(words);
}

/**
 * OpenSSL's command line: `SSL alert number 45`; gnutls-cli: `Received alert [45]`; curl, with `-v`: `TLSv1.3 (IN), TLS alert, certificate
 * expired (557)`, where the level, 2, is multiplied by 256.
 */
function numbered(words: string): string | undefined {
  const patterns = [/SSL alert number (\d+)/u, /Received alert \[(\d+)\]/u, /\(IN\), TLS alert, .* \((\d+)\)/u];
  const number = patterns.map((pattern) => pattern.exec(words)?.[1]).find((found) => found !== undefined);
  return number === undefined ? undefined : registered.get(Number(number) % 256);
}

/** Java: `Received fatal alert: certificate_expired`. Python: `[SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED]`. */
function named(words: string): string | undefined {
  const name = /Received fatal alert: (\w+)|(?:SSLV3|TLSV1|TLSV13)_ALERT_(\w+)/u.exec(words)?.slice(1).find(Boolean);
  return name?.toLowerCase();
}

/** Go: `remote error: tls: expired certificate`. */
function worded(words: string): string | undefined {
  const text = /remote error: tls: ([\w ]+)/u.exec(words)?.[1];
  return text === undefined ? undefined : (goWords.get(text) ?? text);
}

/** Those that matter here, from the TLS alert registry; on its own, for the library's table is what is judged. */
const registered: ReadonlyMap<number, string> = new Map([
  [40, 'handshake_failure'],
  [42, 'bad_certificate'],
  [43, 'unsupported_certificate'],
  [44, 'certificate_revoked'],
  [45, 'certificate_expired'],
  [46, 'certificate_unknown'],
  [48, 'unknown_ca'],
  [49, 'access_denied'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [116, 'certificate_required'],
]);

/** crypto/tls/alert.go */
const goWords: ReadonlyMap<string, string> = new Map([
  ['handshake failure', 'handshake_failure'],
  ['access denied', 'access_denied'],
  ['bad certificate', 'bad_certificate'],
  ['error decoding message', 'decode_error'],
  ['unsupported certificate', 'unsupported_certificate'],
  ['expired certificate', 'certificate_expired'],
  ['unknown certificate', 'certificate_unknown'],
  ['unknown certificate authority', 'unknown_ca'],
  ['certificate required', 'certificate_required'],
]);
