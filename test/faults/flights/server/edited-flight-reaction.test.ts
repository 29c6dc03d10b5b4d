import tls from 'node:tls';
import { expect, test } from 'vitest';
import type { ServerFlightFault } from '../../../../src/faults/flights/server/server-flight-fault.ts';
import {
  keyTypeFor,
  needsSession,
  serverFlightFaults,
  versionsOfFlight,
} from '../../../../src/faults/flights/server/server-flight-fault.ts';
import { startFaultServer } from '../../../../src/faults/server/start-fault-server.ts';
import { createPki } from '../../../../src/index.ts';
import type { AlertName } from '../../../../src/wire/records/alerts.ts';
import { callWithNode, only } from '../../node-peers.ts';

const pki = createPki({ name: 'edited flights' });
const client = pki.client().tls;
const identities = { any: pki.server(), p256: pki.server(), rsa: pki.server({ keyAlgorithm: 'rsa-2048' }) } as const;
/** They need a client that takes compressed certificates, which Node's does not by default. */
const ordinary: ReadonlySet<string> = new Set(['compressed-certificate-wrong-length', 'compressed-certificate-too-large']);
const shown = serverFlightFaults
  .filter((flight) => !ordinary.has(flight) && !needsSession(flight))
  .flatMap((flight) => versionsOfFlight(flight).map((version) => ({ flight, version })));

test.concurrent.for(shown)(
  "Node's client answers $flight over $version as it was measured, and accepts the same flight unedited",
  async ({ flight, version }) => {
    const identity = identities[keyTypeFor(flight) ?? 'any'];
    await using edited = await startFaultServer({ kind: 'edited-flight', flight }, { identity, ...only(version) });
    await using unedited = await startFaultServer({ kind: 'edited-flight', flight, unedited: true }, { identity, ...only(version) });

    const control = await callWithNode(unedited, { ...client, ...only(version) });
    const view = await callWithNode(edited, { ...client, ...only(version) });
    await edited.connectionsEnded();

    expect(control, control.message).toMatchObject({ isSecured: true, data: expect.stringMatching(/whole$/u) });
    expect(unedited).toMatchObject({ faultsShown: 1, completedHandshakes: 1, applicationData: 1, ownFailure: undefined });
    const answer = answersOfNode[flight];
    const alert = typeof answer === 'string' ? answer : answer?.[version];
    const goesOn = alert === 'accepted';
    expect(
      {
        shown: edited.faultsShown,
        alerts: edited.alerts.map(({ name }) => name),
        data: edited.applicationData,
        answered: view.data !== '',
      },
      view.message,
    ).toEqual({ shown: 1, alerts: goesOn ? [] : [alert], data: goesOn ? 1 : 0, answered: goesOn });
  },
);

test.for(serverFlightFaults.filter((flight) => needsSession(flight)))(
  "Node's client refuses %s in the connection that resumes its session, as it was measured",
  async (flight) => {
    await using edited = await startFaultServer({ kind: 'edited-flight', flight }, { identity: identities.any });
    await using unedited = await startFaultServer({ kind: 'edited-flight', flight, unedited: true }, { identity: identities.any });

    const control = await callTwice(unedited.port);
    const answer = await callTwice(edited.port);
    await edited.connectionsEnded();

    expect(control).toEqual({ isReused: true, isAnswered: true });
    expect(answer).toMatchObject({ isAnswered: false });
    expect(edited).toMatchObject({ faultsShown: 1, applicationData: 1 }); // of the first connection
    expect(edited.alerts.map(({ name }) => name)).toEqual(['unexpected_message']);
  },
);

/** What a client saw of its second connection, which offers the session of the first. */
async function callTwice(port: number): Promise<{ readonly isReused: boolean; readonly isAnswered: boolean }> {
  const { session } = await connectOnce(port);
  const { isReused, isAnswered } = await connectOnce(port, session);
  return { isReused, isAnswered };
}

async function connectOnce(port: number, offered?: Buffer): Promise<{ session?: Buffer; isReused: boolean; isAnswered: boolean }> {
  const socket = tls.connect({ ...client, port, host: '127.0.0.1', servername: 'localhost', ...(offered && { session: offered }) });
  let session: Buffer | undefined;
  let isReused = false;
  let isAnswered = false;
  socket.on('session', (each: Buffer) => {
    session = each;
  });
  socket.on('secureConnect', () => {
    isReused = socket.isSessionReused();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  });
  socket.on('data', () => {
    isAnswered = true;
    socket.end();
  });
  socket.on('error', () => {});
  await new Promise<void>((resolve) => socket.on('close', () => resolve()));
  return { ...(session && { session }), isReused, isAnswered };
}

type Answer = AlertName | 'accepted';

/** As OpenSSL 3.5 in Node.js 26.10 answers, measured; where the RFC names another alert, the row of the catalogue does. */
const answersOfNode: Readonly<Partial<Record<ServerFlightFault, Answer | Readonly<Record<'TLSv1.3' | 'TLSv1.2', Answer>>>>> = {
  'certificate-empty': 'decode_error',
  'certificate-left-out': 'unexpected_message',
  'certificate-list-too-long': 'decode_error',
  'certificate-trailing-octet': 'decode_error',
  'certificate-context-set': 'decode_error',
  'certificate-unsolicited-extension': 'unsupported_extension',
  'certificate-verify-left-out': 'unexpected_message',
  'certificate-verify-sha1': 'illegal_parameter',
  'certificate-verify-pkcs1': 'illegal_parameter',
  'certificate-verify-other-curve': 'illegal_parameter',
  'certificate-verify-other-key-type': 'illegal_parameter',
  'certificate-verify-truncated': 'decrypt_error',
  'certificate-verify-length-too-long': 'decode_error',
  'certificate-verify-empty-signature': 'decrypt_error',
  'certificate-verify-other-transcript': 'decrypt_error',
  'certificate-verify-client-context': 'decrypt_error',
  'finished-alone': 'unexpected_message',
  'compressed-certificate-not-offered': 'unexpected_message',
  'certificate-request-twice': 'unexpected_message',
  'certificate-request-misplaced': 'unexpected_message',
  'certificate-request-without-signature-algorithms': { 'TLSv1.3': 'missing_extension', 'TLSv1.2': 'internal_error' },
  'certificate-request-empty-authorities': 'accepted',
  'certificate-request-unknown-extension': 'accepted',
  'encrypted-extensions-left-out': 'unexpected_message',
  'encrypted-extensions-empty-message': 'decode_error',
  'encrypted-extensions-unsolicited': 'unsupported_extension',
  'encrypted-extensions-with-server-hello': 'unexpected_message',
  'hello-cipher-suite-not-offered': 'illegal_parameter',
  'hello-group-not-offered': 'illegal_parameter',
  'hello-session-id-not-echoed': 'illegal_parameter',
  'hello-compression': 'illegal_parameter',
  'hello-unsolicited-extension': 'unsupported_extension',
  'hello-twice': 'unexpected_message',
  'hello-retry-request-twice': 'unexpected_message',
  'hello-retry-request-unchanged': 'illegal_parameter',
  'hello-retry-request-group-not-offered': 'illegal_parameter',
  'hello-wrong-renegotiation-info': 'illegal_parameter',
  'key-exchange-left-out': 'unexpected_message',
  'key-exchange-unsigned': 'decode_error',
  'key-exchange-md5': 'illegal_parameter',
  'key-exchange-signature-of-other-key-type': 'illegal_parameter',
  'key-exchange-signature-truncated': 'decrypt_error',
  'key-exchange-other-randoms': 'decrypt_error',
  'key-exchange-curve-not-offered': 'illegal_parameter',
  'change-cipher-spec-early': 'unexpected_message',
  'finished-in-the-clear': 'unexpected_message',
  'hello-done-with-content': 'illegal_parameter',
};
