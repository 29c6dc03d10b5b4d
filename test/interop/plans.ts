import * as fc from 'fast-check';
import { ia5String, objectIdentifier, sequence, utf8String } from '../../src/asn1/der-writer.ts';
import type { RevocationReason } from '../../src/index.ts';
import type { AuthorityOptions, CertificateOptions, LeafOptions } from '../../src/pki/leaf-options.ts';
import type { Extension } from '../../src/x509/extensions.ts';
import type { ExtendedKeyUsage, KeyUsage } from '../../src/x509/object-identifiers.ts';
import type { NameConstraints, NameSubtrees } from '../../src/x509/names/name-constraints.ts';
import {
  addressBlocks,
  addresses,
  hostNames,
  instants,
  mailboxes,
  namelessIdentifiers,
  serialNumbers,
  subjects,
  uris,
} from './plan-values.ts';

/**
 * How often a property is tried: as often as stated, times `PROPERTY_FACTOR`. A failure prints its seed, which `PROPERTY_SEED` plays again; a search for
 * the smallest counterexample ends before the test does, which would hide it.
 */
export function runs(usual: number): { readonly numRuns: number; readonly interruptAfterTimeLimit: number; readonly seed?: number } {
  const { PROPERTY_FACTOR: factor = '1', PROPERTY_SEED: seed } = process.env;
  const replayed = seed === undefined ? {} : { seed: Number(seed) };
  return { numRuns: usual * Number(factor), interruptAfterTimeLimit: (propertyTimeout * 3) / 4, ...replayed };
}

/** Milliseconds. */
export const propertyTimeout = 120_000;

/** A certificate to be: the options of its issue, and the policies that are encoded among its `extensions`. */
export interface Plan<Options extends CertificateOptions = LeafOptions & AuthorityOptions> {
  readonly options: Options;
  readonly policies: readonly Policy[];
}

/** A certificate policy with its qualifiers (RFC 5280 4.2.1.4). */
interface Policy {
  readonly id: string;
  readonly statementUrls: readonly string[];
  readonly notice?: string;
}

/** Whatever a leaf can be asked to be, but for its key. */
export function leafPlans(): fc.Arbitrary<Plan<LeafOptions>> {
  const names = {
    dns: oneOrMore(hostNames()),
    ip: oneOrMore(addresses()),
    uri: oneOrMore(uris()),
    email: oneOrMore(mailboxes()),
    mustStaple: fc.boolean(),
  };
  return planned(fc.record(names, { requiredKeys: [] }));
}

/** Whatever a subordinate authority can be asked to be, but for its key. */
export function authorityPlans(): fc.Arbitrary<Plan<AuthorityOptions>> {
  const parts = { pathLength: fc.oneof(fc.nat(300), fc.nat()), nameConstraints: nameConstraintPlans() };
  return planned(fc.record(parts, { requiredKeys: [] }));
}

/** What an authority has revoked, and the list to publish of it. */
export interface ListPlan {
  readonly revoked: readonly { readonly serialNumber: bigint; readonly reason: RevocationReason; readonly date: Date }[];
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly number: number;
}

export function listPlans(): fc.Arbitrary<ListPlan> {
  const entry = fc.record({ serialNumber: serialNumbers(), reason: fc.constantFrom(...reasons), date: instants() });
  const revoked = fc.uniqueArray(entry, { maxLength: 12, selector: ({ serialNumber }) => serialNumber });
  return fc
    .tuple(revoked, ordered(), fc.oneof(fc.nat(300), fc.maxSafeNat()))
    .map(([entries, [thisUpdate, nextUpdate], number]) => ({ revoked: entries, thisUpdate, nextUpdate, number }));
}

function planned<Options extends object>(own: fc.Arbitrary<Options>): fc.Arbitrary<Plan<Options & CertificateOptions>> {
  const common = {
    subject: subjects(),
    serialNumber: serialNumbers(),
    keyUsage: fc.oneof(fc.constant(false as const), fc.uniqueArray(fc.constantFrom(...keyUsages), { minLength: 1 })),
    extendedKeyUsage: fc.oneof(fc.constant(false as const), fc.uniqueArray(purposes(), { minLength: 1, maxLength: 6 })),
    crlDistributionPoints: oneOrMore(uris()),
    ocsp: oneOrMore(uris()),
    caIssuers: oneOrMore(uris()),
  };
  const policyLists = fc.uniqueArray(policies(), { maxLength: 3, selector: ({ id }) => id });
  return fc
    .tuple(own, fc.record(common, { requiredKeys: ['subject', 'serialNumber'] }), ordered(), policyLists, unknownExtensions())
    .map(([options, parts, [notBefore, notAfter], list, unknown]) => ({
      options: {
        ...options,
        ...parts,
        notBefore,
        notAfter,
        extensions: [...(list.length === 0 ? [] : [policiesExtension(list)]), ...unknown],
      },
      policies: list,
    }));
}

function ordered(): fc.Arbitrary<readonly [Date, Date]> {
  return fc.tuple(instants(), instants()).map(([a, b]) => (a <= b ? [a, b] : [b, a]));
}

function purposes(): fc.Arbitrary<ExtendedKeyUsage> {
  return fc.oneof(fc.constantFrom(...extendedKeyUsages), namelessIdentifiers());
}

/** Subtrees as both readers print them: of directories only plain names, for OpenSSL has no exact form of them there. */
function nameConstraintPlans(): fc.Arbitrary<NameConstraints> {
  const plain = fc.record({ organization: fc.stringMatching(/^[A-Za-z]{1,8}$/u), commonName: fc.stringMatching(/^[A-Za-z]{1,8}$/u) });
  const host = fc.stringMatching(/^\.?[a-z0-9-]{1,8}(?:\.[a-z]{1,5})?$/u);
  const forms = {
    dns: oneOrMore(host),
    ip: oneOrMore(addressBlocks()),
    uri: oneOrMore(host),
    email: oneOrMore(fc.oneof(host, mailboxes())),
    directory: fc.array(plain, { minLength: 1, maxLength: 2 }),
  };
  const subtrees: fc.Arbitrary<NameSubtrees> = fc.record(forms, { requiredKeys: [] }).filter((names) => Object.keys(names).length > 0);
  return fc
    .record({ permitted: subtrees, excluded: subtrees }, { requiredKeys: [] })
    .filter(({ permitted, excluded }) => permitted !== undefined || excluded !== undefined);
}

function policies(): fc.Arbitrary<Policy> {
  const notice = fc.stringMatching(/^[A-Za-z0-9 ]{1,20}$/u).map((text) => `x${text}x`);
  return fc.record(
    { id: namelessIdentifiers(), statementUrls: fc.array(uris(), { maxLength: 2 }), notice },
    { requiredKeys: ['id', 'statementUrls'] },
  );
}

function policiesExtension(list: readonly Policy[]): Extension {
  const encoded = list.map(({ id, statementUrls, notice }) => {
    const qualifiers = [
      ...statementUrls.map((url) => sequence(objectIdentifier('1.3.6.1.5.5.7.2.1'), ia5String(url))),
      ...(notice === undefined ? [] : [sequence(objectIdentifier('1.3.6.1.5.5.7.2.2'), sequence(utf8String(notice)))]),
    ];
    return sequence(objectIdentifier(id), ...(qualifiers.length === 0 ? [] : [sequence(...qualifiers)]));
  });
  return { oid: '2.5.29.32', value: sequence(...encoded) };
}

/** Unknown extensions, below an unassigned arc, of bytes that need not be DER. */
function unknownExtensions(): fc.Arbitrary<Extension[]> {
  const extension = fc.record({
    oid: fc.nat().map((arc) => `1.3.6.1.4.1.99999.${arc}`),
    critical: fc.boolean(),
    value: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 120, maxLength: 300 })),
  });
  return fc.uniqueArray(extension, { maxLength: 3, selector: ({ oid }) => oid });
}

function oneOrMore(values: fc.Arbitrary<string>): fc.Arbitrary<string | string[]> {
  return fc.oneof(values, fc.array(values, { minLength: 1, maxLength: 4 }));
}

const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const satisfies readonly KeyUsage[];

const extendedKeyUsages = [
  'serverAuth',
  'clientAuth',
  'codeSigning',
  'emailProtection',
  'timeStamping',
  'ocspSigning',
  'anyExtendedKeyUsage',
] as const satisfies readonly ExtendedKeyUsage[];

const reasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const satisfies readonly RevocationReason[];
