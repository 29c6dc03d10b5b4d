/** The secrets of one connection in a key log (RFC 9850), by label; empty where the log has none of it. The first line of a label counts. */
export function secretsIn(keyLog: string, clientRandom: string): ReadonlyMap<string, Buffer> {
  const secrets = new Map<string, Buffer>();
  for (const line of keyLog.split('\n')) {
    const [label = '', random, secret] = line.trim().split(' ', 3);
    if (secret === undefined || random?.toLowerCase() !== clientRandom || secrets.has(label)) continue;
    if (hexadecimal.test(secret)) secrets.set(label, Buffer.from(secret, 'hex'));
  }
  return secrets;
}

const hexadecimal = /^(?:[0-9a-f]{2})+$/iu;
