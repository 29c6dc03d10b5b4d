import type { ClearText } from './clear-text.ts';

/** Waits for the INFO of a NATS server, which requires or offers TLS in it; TLS begins without a request (NATS client protocol, INFO). */
export async function negotiateNats(clear: ClearText): Promise<void> {
  const line = await clear.line();
  if (line.startsWith('-ERR')) throw clear.refused(line);
  const info = parsed(/^INFO (\{.*\})\s*$/u.exec(line)?.[1]);
  if (info === undefined) throw clear.failed('does not speak the protocol of NATS', line);
  if (info.tls_required !== true && info.tls_available !== true) throw clear.refused(line);
}

function parsed(json: string | undefined): { readonly tls_required?: unknown; readonly tls_available?: unknown } | undefined {
  try {
    return json === undefined ? undefined : (JSON.parse(json) as object); // it begins with a brace
  } catch {
    return undefined;
  }
}
