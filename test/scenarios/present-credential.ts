import { attemptHandshake, type Handshake, type Pki, startTlsServer } from '../../src/index.ts';
import type { ArrangedCredential, TlsVersion } from '../../src/scenarios/catalogue/scenario.ts';
import type { Side } from '../../src/wire/tap/capture.ts';

/** Presents a credential to the other side, both in this process and plain Node underneath, and tells what it came to. */
export async function presentCredential(
  credential: ArrangedCredential,
  { role, pki, version }: { readonly role: Side; readonly pki: Pki; readonly version: TlsVersion },
): Promise<Handshake> {
  const { identity, certificateMessage, ciphers, host, spelling = host, trust, crl } = credential;
  const versions = { minVersion: version, maxVersion: version } as const;
  const presented = { identity, ...(certificateMessage && { certificateMessage }), ...(ciphers !== undefined && { ciphers }) };
  const configured = { trust, ...(crl && { crl }) };
  if (role === 'client') {
    await using server = await startTlsServer({ identity: pki.server(), ...configured, ...versions });
    return await attemptHandshake(server, { ...presented, trust: pki.anchors, ...versions });
  }
  await using server = await startTlsServer({ ...presented, trust: pki.anchors, ...versions });
  return await attemptHandshake(server, { identity: pki.client(), ...configured, servername: spelling, ...versions });
}
