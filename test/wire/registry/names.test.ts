import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { cipherSuiteName, certificateTypeName, groupName, pskModeName, signatureSchemeName } from '../../../src/wire/registry/names.ts';
import { extensionName } from '../../../src/wire/registry/extension-types.ts';
import { versionName } from '../../../src/wire/registry/protocol-versions.ts';
import { describeWithTshark } from '../pcapng/tshark.ts';

test.for([
  ['a suite', cipherSuiteName(0x1302), 'TLS_AES_256_GCM_SHA384'],
  ['a suite that is not registered', cipherSuiteName(0xeeee), '0xeeee'],
  ['a suite that is noise', cipherSuiteName(0x3a3a), 'GREASE'],
  ['a number that only looks like noise', cipherSuiteName(0x1a2a), '0x1a2a'],
  ['a version', versionName(0x0304), 'TLSv1.3'],
  ['a group', groupName(0x11ec), 'X25519MLKEM768'],
  ['a scheme', signatureSchemeName(0x0905), 'mldsa65'],
  ['an extension', extensionName(0xfe0d), 'encrypted_client_hello'],
  ['a certificate type', certificateTypeName(64), 'ecdsa_sign'],
  ['a certificate type that is not registered', certificateTypeName(7), '0x07'],
  ['a way to use a key', pskModeName(1), 'psk_dhe_ke'],
  ['a mode that is not registered', pskModeName(2), '0x02'],
] as const)('%s has the name of the registry, or its number', ([, name, expected]) => {
  expect(name).toBe(expected);
});

describeWithTshark()("Wireshark's names", () => {
  test.for([
    ['tls.handshake.ciphersuite', cipherSuiteName, [], 150],
    // Renamed since (RFC 9345).
    ['tls.handshake.extension.type', extensionName, ['delegated_credentials'], 40],
    // Numbers of experiments before ML-KEM had its own.
    ['tls.handshake.extensions_supported_group', groupName, ['frodo640aes', 'frodo640shake', 'frodo976aes'], 17],
    ['tls.handshake.sig_hash_alg', signatureSchemeName, [], 16],
  ] as const)('of %s are ours wherever both have one', ([field, nameOf, others, least]) => {
    const names = valuesOf(field);

    const known = names.filter(([number, name]) => !/^0x|^GREASE$/u.test(nameOf(number)) && !others.some((other) => other === name));
    expect(known.length).toBeGreaterThanOrEqual(least);
    expect(known.map(([number]) => nameOf(number))).toEqual(known.map(([, name]) => name));
  });
});

/** The numbers and names of a field in tshark's own tables. */
function valuesOf(field: string): [number: number, name: string][] {
  tables ??= spawnSync('tshark', ['-G', 'values'], { encoding: 'latin1', maxBuffer: 2 ** 28, timeout: 60_000 }).stdout.split('\n');
  const rows = tables.filter((line) => line.startsWith(`V\t${field}\t`)).map((line) => line.split('\t'));
  return rows.map(([, , number, name = '']) => [Number(number), name]);
}

let tables: string[] | undefined;
