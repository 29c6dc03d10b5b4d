import { alertOf, serverAlertRecord, type Alert } from '../../../wire/records/alert-record.ts';
import type { Tap } from '../../../wire/tap/tap.ts';
import type { SessionFacts } from '../../verdict/end-report.ts';

/** Sends an alert in place of the last flight, unless the server is to be as silent as Node is. */
export function refuseClient(
  code: number,
  {
    tap,
    rejection,
    session = { resumed: false },
  }: { readonly tap: Tap; readonly rejection: 'alert' | 'silent'; readonly session: SessionFacts | undefined },
): Alert | undefined {
  const { protocol, cipher, resumed } = session;
  // In a resumed TLS 1.2 handshake the server's Finished went first: its write side is encrypted, and a plaintext alert would be wrong.
  const silent = rejection === 'silent' || (resumed && protocol !== 'TLSv1.3');
  if (silent || protocol === undefined || cipher === undefined) return undefined;
  const record = serverAlertRecord(code, { protocol, cipher, secrets: tap.capture.secrets });
  if (!record) return undefined;
  tap.endWith(record);
  return alertOf(code, 'server');
}
