import { expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { all, intermediate, leaf, root } from '../../../src/scenarios/catalogue/changes.ts';
import type { Change } from '../../../src/scenarios/catalogue/credential-definition.ts';
import { CredentialDraft } from '../../../src/scenarios/drafts/credential-draft.ts';
import { basicConstraints, keyUsage } from '../../../src/x509/extensions.ts';
import { oid } from '../../../src/x509/object-identifiers.ts';

const pki = createPki({ name: 'changed' });
const hour = 3_600_000;

test('a period of validity counts from the moment at which the change is made, not from when it was written', () => {
  const change = leaf({ validity: { from: -hour, until: 2 * hour } });
  const before = Math.floor(Date.now() / 1000) * 1000;

  const { notBefore, notAfter } = changed(change).leaf.validity;

  expect(notBefore.getTime()).toBeGreaterThanOrEqual(before - hour);
  expect(notBefore.getTime()).toBeLessThanOrEqual(Date.now() - hour);
  expect(notAfter.getTime() - notBefore.getTime()).toBe(3 * hour);
});

test('each credential that is changed has extensions and public key of its own', () => {
  let made = 0;
  const change = leaf({ extensions: [], spki: () => Uint8Array.of((made += 1)) });

  const [one, other] = [changed(change), changed(change)];
  one.leaf.extend(basicConstraints({ ca: false }));

  expect(other.leaf.extensions).toEqual([]);
  expect([one.leaf.spki, other.leaf.spki]).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
});

test('an extension takes the place of the one with its identifier, and one that is omitted is gone', () => {
  const usual = changed(leaf({})).leaf.extensions.map((extension) => extension.oid);

  const { extensions } = changed(leaf({ extend: [keyUsage(['cRLSign'])], omit: [oid.basicConstraints] })).leaf;

  expect(extensions.map((extension) => extension.oid)).toEqual(usual.filter((each) => each !== oid.basicConstraints));
  expect(extensions).toContainEqual(keyUsage(['cRLSign']));
});

test('the issuing CA and the root are changed apart from the leaf', () => {
  const draft = changed(all(root({ version: 1 }), intermediate({ serialNumber: -5n })));

  expect([draft.root.version, draft.intermediate.version, draft.leaf.version]).toEqual([1, 3, 3]);
  expect(draft.intermediate.serialNumber).toBe(-5n);
  expect(draft.leaf.serialNumber).not.toBe(-5n);
  expect(draft.leaf.issuedBy).toBe(draft.intermediate);
});

function changed(change: Change): CredentialDraft {
  const draft = new CredentialDraft('client', pki);
  change(draft);
  return draft;
}
