import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createPki } from '../../src/pki/pki.ts';
import { inspectCertificate } from '../../src/x509/inspect-certificate.ts';
import { extensionsOf } from '../x509/read-parts.ts';
import { optionInvalid } from './option-invalid.ts';

const pki = createPki({ name: 'profile' });
const oid = { nameConstraints: '2.5.29.30', purposes: '2.5.29.37' };

describe('issueAuthority', () => {
  test('issues a CA that signs certificates and CRLs, and has no purpose', () => {
    const authority = pki.root.issueAuthority({ commonName: 'sub' });

    expect(inspectCertificate(authority.certificate)).toMatchObject({ isAuthority: true, keyUsage: ['keyCertSign', 'cRLSign'] });
    expect(extensionsOf(authority.certificate.raw).some((extension) => extension.oid === oid.purposes)).toBe(false);
    expect([authority.name, authority.parent, pki.root.issueAuthority().name]).toEqual(['sub', pki.root, 'profile root CA subordinate CA']);
  });

  test('writes name constraints', () => {
    const constrained = pki.root.issueAuthority({ nameConstraints: { permitted: { dns: 'a.test' } } });

    expect(extensionsOf(constrained.certificate.raw).find((extension) => extension.oid === oid.nameConstraints)?.critical).toBe(true);
  });

  test('is refused where the path length is used up, by this authority or one above', () => {
    const one = pki.root.issueAuthority({ commonName: 'one', pathLength: 1 });
    const zero = one.issueAuthority({ commonName: 'unlimited below one' });

    expect(() => zero.issueAuthority()).toThrow(expect.objectContaining({ code: 'CA_PATH_LENGTH', facts: { issuer: 'one' } }));
    expect(() => pki.root.issueAuthority({ commonName: 'none', pathLength: 0 }).issueAuthority()).toThrow(
      expect.objectContaining({ code: 'CA_PATH_LENGTH', facts: { issuer: 'none' } }),
    );
    expect(zero.issue().name).toBe('leaf');
    expect(pki.root.issueAuthority({ pathLength: 2 }).issueAuthority().issueAuthority().issue().name).toBe('leaf');
  });

  test.for([-1, 1.5, Number.NaN, '1'])('refuses the path length %s', (pathLength) => {
    const options: object = { pathLength };

    expect(() => pki.root.issueAuthority(options)).toThrow(optionInvalid('pathLength', String(pathLength)));
    expect(inspectCertificate(pki.root.issueAuthority({ pathLength: 0 }).certificate).pathLength).toBe(0);
  });

  test.for(['dns', 'pathlength', 'ca'])('refuses the option %s', (option) => {
    expect(() => pki.root.issueAuthority({ [option]: 1 })).toThrow(optionInvalid('authority option', option));
  });
});

test('anchors and chain lead from an authority to its root', () => {
  const lower = pki.issuer.issueAuthority();

  expect(lower.anchors).toBe(pki.root.certificatePem);
  expect(lower.chainPem).toBe(lower.certificatePem + pki.issuer.certificatePem);
  expect([pki.root.chainPem, pki.root.parent]).toEqual(['', undefined]);
  expect(lower.certificate.checkPrivateKey(createPrivateKey(lower.keyPem))).toBe(true);
});
