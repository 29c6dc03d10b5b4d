import { expect, test } from 'vitest';
import { masterSecret } from '../../../../src/wire/engine/tls12/secrets.ts';
import { tls12Prf } from '../../../../src/wire/records/tls12-prf.ts';

const bytes = (hexadecimal: string): Buffer => Buffer.from(hexadecimal, 'hex');

// NIST's CAVS vector for TLS 1.2 with SHA-256, as OpenSSL's test/recipes/30-test_evp_data/evpkdf_tls12_prf.txt quotes it.
test('the master secret and the key block are those of the published vector', () => {
  const secret = masterSecret(
    'sha256',
    bytes('f8938ecc9edebc5030c0c6a441e213cd24e6f770a50dda07876f8d55da062bcadb386b411fd4fe4313a604fce6c17fbc'),
    {
      clientRandom: bytes('36c129d01a3200894b9179faac589d9835d58775f9b5ea3587cb8fd0364cae8c'),
      serverRandom: bytes('f6c9575ed7ddd73e1f7d16eca115415812a43c2b747daaaae043abfb50053fce'),
    },
  );
  const keyBlock = tls12Prf('sha256', secret, {
    label: 'key expansion',
    seed: [
      bytes('ae6c806f8ad4d80784549dff28a4b58fd837681a51d928c3e30ee5ff14f39868'),
      bytes('62e1fd91f23f558a605f28478c58cf72637b89784d959df7e946d3f07bd1b616'),
    ],
    length: 128,
  });

  expect(secret.toString('hex')).toBe('202c88c00f84a17a20027079604787461176455539e705be730890602c289a5001e34eeb3a043e5d52a65e66125188bf');
  expect(keyBlock.toString('hex')).toBe(
    'd06139889fffac1e3a71865f504aa5d0d2a2e89506c6f2279b670c3e1b74f531016a2530c51a3a0f7e1d6590d0f0566b2f387f8d11fd4f731cdd572d2eae927f6f2f81410b25e6960be68985add6c38445ad9f8c64bf8068bf9a6679485d966f1ad6f68b43495b10a683755ea2b858d70ccac7ec8b053c6bd41ca299d4e51928',
  );
});

// NIST's ACVP server, gen-val/json-files/TLS-v1.2-KDF-RFC7627, test cases 1 and 21.
test.for([
  {
    hash: 'sha256',
    premaster: '8252b983a6459a6fb3b9debe8725247e276139ebf7c9adccdd7d240f3ada7f5e3351b2769b6c8dc169a6d799c3c0ffeb',
    sessionHash: '1359d7df74cb27c67f74c98d521d442b887eaf0decf6e382c62434d6c3dd7d0d',
    master: '43a5e821fcf5446c712207f7cd161ed213ee3b9d001d418c57231befd596b583ecd55ab2c4456b02738698f90bc59ac0',
  },
  {
    hash: 'sha384',
    premaster: '0a9b21cb57f550954e79f23a733ef942a654c45a432ed06c94707284c04afd457cbe19bd10803985839fe473985319ac',
    sessionHash: '3997d6c67bca04f2777cea7a3fb123354bc9197d332bfb8353414bdac4cddae5c0285bb6a22bbea93906cb29694a1a92',
    master: 'd810f74746b196c7e0813a029b9422707a4d1e799f365d9b0ee53618edb49fd6c3a2fd034361d446ef2675229b434510',
  },
] as const)('the extended master secret with $hash is that of the published vector', ({ hash, premaster, sessionHash, master }) => {
  const secret = masterSecret(hash, bytes(premaster), { sessionHash: bytes(sessionHash) });

  expect(secret.toString('hex')).toBe(master);
});
