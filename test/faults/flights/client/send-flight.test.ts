import net from 'node:net';
import { expect, test } from 'vitest';
import { createPki, startHttpsServer } from '../../../../src/index.ts';
import { type ClientFaultOutcome, type ClientFlightFault, sendClientFault } from '../../../../src/scenarios/index.ts';
import { change } from '../../../../src/wire/engine/edits.ts';
import type { FlightEdit } from '../../../../src/wire/engine/flight.ts';
import { startEngineServer } from '../../../mutants/flights/engine-server.ts';

const pki = createPki({ name: 'send flight' });
const flight = 'client-certificate-verify-left-out';
/** The Finished of a resumed handshake, which the client has no key for. */
const inTheClear: FlightEdit = (messages, context) =>
  context.agreed.resumed ? change('finished', () => ({ keys: 'none' }))(messages, context) : messages;
const fault = { kind: 'edited-flight', flight } as const;

test.for(['TLSv1.3', 'TLSv1.2'] as const)(
  'a server that requires the message refuses the handshake, and one that asks for no certificate cannot show it (%s)',
  async (version) => {
    await using strict = await startHttpsServer((_request, response) => response.end('ok'), { identity: pki.server() });
    await using open = await startHttpsServer((_request, response) => response.end('ok'), { identity: pki.server(), clientAuth: 'none' });
    const options = { identity: pki.client(), minVersion: version, maxVersion: version };

    const refused = await sendClientFault(strict, fault, options);
    const unasked = await sendClientFault(open, fault, options);

    expect(refused).toMatchObject({
      faultSent: true,
      applicationData: false,
      alert: { name: 'unexpected_message', sentBy: 'server' },
      flight: { edited: 'CertificateVerify (left out)', isCompleted: false, sent: expect.not.arrayContaining(['certificate_verify']) },
    });
    expect(linesOf(refused)).toContain('CertificateVerify (left out by the scenario) -->');
    expect(linesOf(refused)).toContain('> <-- alert unexpected_message (10)');
    expect(unasked.flight?.transcript).toContain('ClientHello');
    expect(unasked.flight?.transcript).not.toContain('by the scenario');
    expect(unasked).toMatchObject({ faultSent: false, flight: { unfit: expect.stringContaining('is not in this handshake'), sent: [] } });
  },
);

test('a server that takes the edited message for right is seen to answer', async () => {
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { identity: pki.server() });

  const outcome = await sendClientFault(
    server,
    { kind: 'edited-flight', flight: 'second-hello-other-name' }, // which Node.js accepts (measured on 26.10)
    { identity: pki.client() },
  );

  expect(outcome).toMatchObject({ faultSent: true, applicationData: true, protocol: 'TLSv1.3' });
  expect(linesOf(outcome)).toContain('second ClientHello (with another server name; edited by the scenario) -->');
  expect(linesOf(outcome)).toContain('> Finished -->');
});

test.for([
  ['resumes it by a master secret of zeros', ['ticket-version'], {}, { isResumed: true, isResumedAcrossVersions: true, isAsked: false }],
  ['resumes it by other keys', ['ticket-version'], { server: inTheClear }, { isResumed: true, isResumedAcrossVersions: true }],
  ['performs a full handshake', [], {}, { isResumed: false, isAsked: true }],
] as const)('a server that is offered a session of TLS 1.3 in TLS 1.2 %s', async ([, skipped, edits, seen]) => {
  const own = { identity: pki.server(), trust: pki.anchors };
  const server = await startEngineServer({ version: 'TLSv1.2', hasTls13: true, skipped, edits }, own);

  const outcome = await sendClientFault(
    server,
    { kind: 'edited-flight', flight: 'resumed-session-of-tls13-in-tls12' },
    { identity: pki.client() },
  );
  server.close();

  const { isResumed, isResumedAcrossVersions, isAsked } = outcome.flight ?? {};
  expect(outcome).toMatchObject({ faultSent: true, protocol: 'TLSv1.2' });
  expect({ isResumed, isResumedAcrossVersions, isAsked }).toEqual(seen);
});

test('a server that says nothing has not refused', async () => {
  const silent = net.createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  const outcome = await sendClientFault({ host: '127.0.0.1', port }, fault, { identity: pki.client(), timeout: 300 });
  silent.close();

  expect(outcome).toMatchObject({ ended: 'still-open', faultSent: false, applicationData: false });
});

test.for([
  [
    'a flight that does not exist',
    { ...fault, flight: 'client-certificate-lost' },
    { identity: pki.client() },
    'Cannot use flight "client-certificate-lost"',
  ],
  ['no identity', fault, {}, 'identity'],
  ['a key that the edit is not made for', { ...fault, flight: 'client-scheme-rsa-md5' }, { identity: pki.client() }, 'rsa-2048'],
  [
    'a version without the message',
    { ...fault, flight: 'client-key-exchange-left-out' },
    { identity: pki.client(), minVersion: 'TLSv1.3' },
    'TLSv1.2',
  ],
] as const)('%s is refused before anything is opened', async ([, given, options, words]) => {
  const sent = sendClientFault({ host: '127.0.0.1', port: 1 }, { ...given, flight: given.flight as ClientFlightFault }, options); // one of them is not

  await expect(sent).rejects.toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining(words) });
});

/** The lines of the transcript without their times. */
function linesOf({ flight: report }: ClientFaultOutcome): string[] {
  const lines = (report?.transcript ?? '').split('\n');
  return lines.map((line) =>
    line
      .replace(/ +\d+\.\d ms/u, '')
      .replaceAll(/ +/gu, ' ')
      .trim(),
  );
}
