import { createPki, type Pki } from '../../../src/index.ts';

/**
 * A PKI that issues certificates without `+` in Base64 too: where its names or key identifiers have one there, an application that reads `+` as a blank refuses every client, and its
 * control fails.
 */
export function pkiWithoutPlus(name: string): Pki {
  for (;;) {
    const pki = createPki({ name });
    for (let tries = 0; tries < enoughTries; tries += 1) if (!pki.client().certificate.raw.toString('base64').includes('+')) return pki;
  }
}

/** About one certificate in forty has none, where its names and key identifiers have none. */
const enoughTries = 200;
