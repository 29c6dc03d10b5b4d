import { once } from 'node:events';
import tls, { type TLSSocket } from 'node:tls';
import { attemptHandshake, createPki, startTlsServer } from 'mtls-fixtures';
import { expect, test } from 'mtls-fixtures/vitest';
import { onTestFinished, vi } from 'vitest';

test('an open connection outlives the certificate that it was made with', async () => {
  // #region open-connection
  const pki = createPki();
  await using server = await startTlsServer({ pki });
  const brief = pki.client('brief', { validFor: 4_000 });
  const socket = tls.connect(server.clientOptions(brief));
  await once(socket, 'secureConnect');

  await until(brief.certificate.validToDate); // the test's own wait, by the real clock

  socket.write('still served');
  expect(String(await once(socket, 'data'))).toBe('still served');
  expect(await attemptHandshake(server, { identity: brief })).toBeRejected({ by: 'server', reason: 'CERT_HAS_EXPIRED' });
  // #endregion
  socket.destroy();
});

test('a service can end connections when their certificate expires', async () => {
  const pki = createPki();

  // #region end-connections
  const endAtExpiry = (socket: TLSSocket): void => {
    const { validToDate } = socket.getPeerX509Certificate() ?? {};
    if (!validToDate) return void socket.destroy();
    const left = Math.min(validToDate.getTime() - Date.now(), 2 ** 31 - 1); // the longest that a timer takes, 24 days
    const timer = setTimeout(() => socket.end(), Math.max(left, 0));
    socket.once('close', () => clearTimeout(timer));
  };

  await using server = await startTlsServer({ pki, onConnection: endAtExpiry });
  const brief = pki.client('brief', { validFor: 4_000 });
  const socket = tls.connect(server.clientOptions(brief)).resume();
  await once(socket, 'secureConnect');

  await once(socket, 'end'); // a client that was rejected would see it at once

  expect(Date.now()).toBeGreaterThanOrEqual(brief.certificate.validToDate.getTime() - 1);
  // #endregion
});

// #region fake-timers
test('a job reports the expiry of its certificate a day later', async ({ pki, server, client }) => {
  vi.useFakeTimers({ now: Date.now() });
  onTestFinished(() => void vi.useRealTimers());
  const report = vi.fn<() => void>();
  setTimeout(report, 86_400_000);

  await expect(server).toAccept(client); // the real clock goes on below: nothing here waits for the faked one
  await vi.advanceTimersByTimeAsync(86_400_000);

  expect(report).toHaveBeenCalledOnce();
  await expect(server).toAccept(client); // still valid: OpenSSL reads the system's clock
  await expect(server).toReject(pki.client('old', { notAfter: new Date(0) }), { reason: 'CERT_HAS_EXPIRED' });
});
// #endregion

/** Waits until the date has passed; certificates have whole seconds. */
async function until(date: Date): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(date.getTime() + 1_000 - Date.now(), 0)));
}
