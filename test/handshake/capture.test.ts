import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { attemptHandshake, createPki, startTlsServer } from '../../src/index.ts';
import { describeWithTshark, tshark } from '../wire/pcapng/tshark.ts';

const pki = createPki({ name: 'shop' });

describeWithTshark()('the capture of a handshake', () => {
  test.for(['TLSv1.3', 'TLSv1.2'] as const)(
    '%s is opened by Wireshark already decrypted, the alert that refused included',
    async (version) => {
      await using server = await startTlsServer({ identity: pki.server() });
      const expired = pki.client('bob', { notAfter: new Date(0) });
      const handshake = await attemptHandshake(server, { identity: expired, minVersion: version, maxVersion: version });

      const output = await tshark(handshake.toPcapng(), ['-V', '-O', 'tls', '-d', 'tcp.port==443,tls']);

      expect(output).toContain('Handshake Protocol: Certificate Request');
      expect(output).toContain('commonName=bob');
      expect(output).toMatch(/Alert Message\s+Level: Fatal \(2\)\s+Description: Certificate Expired \(45\)/u);
    },
  );
});

test('the messages of a refused handshake show what Node hides: acceptable CAs, and the chain as it was sent', async () => {
  await using server = await startTlsServer({ identity: pki.server() });

  const { messages } = await attemptHandshake(server, { identity: createPki().client('mallory').trusting(pki) });

  expect(messages.find(({ type }) => type === 'certificate_request')).toMatchObject({
    sentBy: 'server',
    encrypted: true,
    authorities: [{ text: 'O=mtls-fixtures, CN=shop root CA' }],
  });
  expect(messages.filter(({ type }) => type === 'certificate').map(({ sentBy }) => sentBy)).toEqual(['server', 'client']);
});

test('a handshake shown or serialised has none of its secrets', async () => {
  await using server = await startTlsServer({ identity: pki.server() });
  const handshake = await attemptHandshake(server, { identity: pki.client() });
  const secret = handshake.keyLog().split('\n')[0]?.split(' ')[2] ?? '';

  const shown = [JSON.stringify(handshake), inspect(handshake, { depth: 9, showHidden: true }), handshake.explain()].join('\n');

  expect(secret).toMatch(/^[\da-f]{64,96}$/u);
  expect(shown).not.toContain(secret);
  expect(shown).not.toContain('TRAFFIC_SECRET');
});
