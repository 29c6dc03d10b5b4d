import { expect, test } from 'vitest';
import { createPki } from '../../../../../src/index.ts';
import { scenariosOf } from '../../../../../src/scenarios/catalogue/credential-definition.ts';
import { trustCredentials } from '../../../../../src/scenarios/catalogue/credentials/issuers/trust.ts';
import { presentCredential } from '../../../present-credential.ts';
import { casesIn, checkControl, checkMinting, checkOutcome, scenariosIn } from '../../../credentials/check-credentials.ts';

const definitions = trustCredentials();

test.for(casesIn(definitions))('$role $id ($version) comes to what the data say', checkOutcome);

test.for(casesIn(definitions))('$role $id ($version) is accepted without its one fault', checkControl);

test.for(scenariosIn(definitions))('$role $id mints anew each time, also under a PKI of another key and depth', checkMinting);

/** Where the kind of the key differs, OpenSSL does not come to the signature: the impostor would fail for another reason. */
test.for([
  ['rsa-2048', 0],
  ['ec-p384', 1],
  ['ed25519', 2],
  ['rsa-pss-2048', 1],
] as const)('an impostor of a root with a key of %s, above %i more CAs, fails by its signature', async ([keyAlgorithm, intermediates]) => {
  const pki = createPki({ name: 'impersonated', keyAlgorithm, intermediates });
  const impostors = scenariosOf('client', trustCredentials()).filter(({ id }) => /same-kid|no-aki/u.test(id));

  for (const impostor of impostors) {
    const control = await presentCredential(impostor.control(pki), { role: 'client', pki, version: 'TLSv1.3' });
    const handshake = await presentCredential(impostor.arrange(pki), { role: 'client', pki, version: 'TLSv1.3' });

    expect(control).toMatchObject({ verdict: 'accepted' });
    expect(handshake).toMatchObject({ verdict: 'rejected', reason: 'CERT_SIGNATURE_FAILURE' });
  }
  expect(impostors).toHaveLength(2);
});
