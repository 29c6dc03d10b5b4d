import type { Authority } from '../../../pki/authority.ts';
import type { Identity } from '../../../pki/identity.ts';
import { createPki, type Pki } from '../../../pki/pki.ts';
import type { BoundTokenClient, BoundTokenParty } from '../../catalogue/bound-tokens/bound-token-scenario.ts';

/** The certificates of one run of a scenario, minted when they are asked for. */
export class BoundTokenParties {
  readonly #pki: Pki;
  readonly #minted = new Map<BoundTokenParty, Identity | Authority>();

  constructor(pki: Pki) {
    this.#pki = pki;
  }

  /** What a client presents. */
  client(party: BoundTokenClient): Identity {
    return this.#of(party) as Identity; // only the issuer is an authority
  }

  /** The certificate itself, DER. */
  certificate(party: BoundTokenParty): Uint8Array {
    return this.#of(party).certificate.raw;
  }

  /** The common name of the client that a party is, or is about. */
  nameOf(party: BoundTokenParty): string {
    return party === 'another-client' ? anotherName : usualName;
  }

  #of(party: BoundTokenParty): Identity | Authority {
    const minted = this.#minted.get(party) ?? this.#mint(party);
    this.#minted.set(party, minted);
    return minted;
  }

  #mint(party: BoundTokenParty): Identity | Authority {
    switch (party) {
      case 'another-client':
        return this.#pki.client(anotherName);
      case 'renewed':
        return this.#pki.client(usualName, { key: this.client('client').keyPem });
      case 'other-ca':
        return createPki({ name: 'another CA' }).client(usualName, { key: this.client('client').keyPem });
      case 'issuer':
        return this.#pki.issuer;
      case 'client':
      case 'sibling':
      default:
        return this.#pki.client(usualName);
    }
  }
}

const usualName = 'client';
const anotherName = 'another client';
