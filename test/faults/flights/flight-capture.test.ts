import { expect, test } from 'vitest';
import { createPki, startHttpsServer } from '../../../src/index.ts';
import { type ClientFaultOutcome, sendClientFault } from '../../../src/scenarios/index.ts';
import { withoutSecrets } from '../../../src/wire/pcapng/without-secrets.ts';
import { complaintsAbout, describeWithTshark, tshark } from '../../wire/pcapng/tshark.ts';

const pki = createPki({ name: 'captures' });
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

async function sendTo(version: (typeof versions)[number]): Promise<ClientFaultOutcome> {
  await using server = await startHttpsServer((_request, response) => response.end('ok'), { identity: pki.server() });
  const options = { identity: pki.client('bob'), minVersion: version, maxVersion: version };
  return await sendClientFault(server, { kind: 'edited-flight', flight: 'client-certificate-verify-left-out' }, options);
}

test.for([
  ['TLSv1.3', 'CLIENT_TRAFFIC_SECRET_0'],
  ['TLSv1.2', 'CLIENT_RANDOM'],
] as const)(
  'the capture of an edited flight says what was edited, and holds the key log, which can be taken out (%s)',
  async ([version, label]) => {
    const { flight } = await sendTo(version);

    const capture = Buffer.from(flight?.capture ?? []);

    expect(capture.includes('edited: CertificateVerify (left out by the scenario)')).toBe(true);
    expect([capture, Buffer.from(withoutSecrets(capture))].map((each) => each.includes(label))).toEqual([true, false]);
  },
);

describeWithTshark()('Wireshark', () => {
  test.for(versions)('opens the capture of an edited flight decrypted, without the message that was left out (%s)', async (version) => {
    const { flight } = await sendTo(version);
    const capture = flight?.capture ?? Buffer.alloc(0);

    const output = await tshark(capture, ['-V', '-O', 'tls', '-d', 'tcp.port==443,tls']);

    expect(await complaintsAbout(capture)).toEqual([]);
    expect(output).toContain('commonName=bob');
    expect(output.match(/^ +Handshake Protocol: Finished/gmu)).toHaveLength(version === 'TLSv1.3' ? 2 : 1);
    expect(output.match(/^ +Handshake Protocol: Certificate Verify/gmu) ?? []).toHaveLength(version === 'TLSv1.3' ? 1 : 0); // the server's own
    expect(output).toMatch(/Description: Unexpected Message \(10\)/u);
  });
});
