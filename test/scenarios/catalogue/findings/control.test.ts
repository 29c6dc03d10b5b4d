import { expect, test } from 'vitest';
import { allControls, controlOf } from '../../../../src/scenarios/catalogue/findings/control.ts';

test('a control has its document, its clause and where it is published', () => {
  expect(controlOf('ASVS-v5.0.0-10.4.14')).toMatchObject({
    document: 'OWASP ASVS 5.0.0',
    clause: '10.4.14',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x19-V10-OAuth-and-OIDC.md',
  });
  expect(controlOf('ASVS-v5.0.0-12.1.3').url).toBe('https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x21-V12-Secure-Communication.md');
  expect(controlOf('SP800-52r2-3.5.1')).toMatchObject({
    document: 'NIST SP 800-52r2',
    clause: '3.5.1',
    url: 'https://doi.org/10.6028/NIST.SP.800-52r2',
  });
  expect(controlOf('RFC9325-7.5')).toEqual({
    id: 'RFC9325-7.5',
    document: 'RFC 9325',
    clause: '7.5',
    title: 'revoked certificates are distrusted',
    beyond: 'OCSP stapling by the server under test',
    url: 'https://www.rfc-editor.org/rfc/rfc9325#section-7.5',
  });
});

test('the controls that were asked for are all there', () => {
  const ids = allControls().map(({ id }) => id);

  for (const clause of ['12.1.3', '12.1.4', '12.3.2', '12.3.4', '12.3.5', '10.3.5', '10.4.14'])
    expect(ids).toContain(`ASVS-v5.0.0-${clause}`);
  expect(ids.filter((id) => id.startsWith('SP800-52r2-')).length).toBeGreaterThan(5);
  expect(ids.filter((id) => id.startsWith('RFC9325-')).length).toBeGreaterThan(5);
});
