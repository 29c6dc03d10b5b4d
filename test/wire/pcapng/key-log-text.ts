/** A key log as `SSLKEYLOGFILE` holds it (RFC 9850), from lines as Node's `keylog` events give them: each once, without anything else. */
export function keyLogText(lines: Iterable<Uint8Array | string>): string {
  const texts = [...lines].flatMap((line) => (typeof line === 'string' ? line : Buffer.from(line).toString('latin1')).split('\n'));
  const kept = new Set(texts.map((text) => text.trim()).filter((text) => keyLogLine.test(text)));
  return [...kept].map((line) => `${line}\n`).join('');
}

/** A label, the client's random, the secret. */
const keyLogLine = /^[A-Z0-9_]+ [0-9a-f]{64} [0-9a-f]+$/iu;
