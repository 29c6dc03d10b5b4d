import { createPki } from '../../../pki/pki.ts';
import { forApplications, request } from './forwarded-definition.ts';
import type { ForwardedScenario } from './forwarded-scenario.ts';
import { certificatesOf, inOrder } from './chain-of.ts';

/** The issuers beside the certificate, in the wrong place or of another one. */
export const chains = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      id: 'forwarded-chain-swapped',
      title: "the issuer's certificate in the place of the client's",
      differs: 'leaf and issuer have changed places',
      tier: 'core',
      references: [
        { rfc: 9440, section: '2.3' },
        { rfc: 8446, section: '4.4.2' },
      ],
      cwes: ['CWE-295'],
      severity: 'high',
      where: ({ chain }) => chain !== undefined,
      sends: (setup) => {
        const [leaf, issuer, ...rest] = certificatesOf(setup.authorized);
        return issuer ? [request(setup.lines(inOrder([issuer, leaf, ...rest])))] : [];
      },
    },
    {
      id: 'forwarded-chain-first-forged',
      title: "the authorized client's certificate among the issuers",
      differs: "the certificate is another client's, and the authorized client's stands first among its issuers",
      tier: 'core',
      references: [{ rfc: 9440, section: '2.3' }],
      cwes: ['CWE-295'],
      severity: 'critical',
      where: ({ chain }) => chain !== undefined,
      sends: (setup) => {
        const [leaf, ...issuers] = certificatesOf(setup.other);
        const [forged] = certificatesOf(setup.authorized);
        return [request(setup.lines(inOrder([leaf, forged, ...issuers])))];
      },
    },
    {
      id: 'forwarded-chain-last-forged',
      title: "the authorized client's certificate behind the issuers",
      differs: "the certificate is another client's, and the authorized client's stands last among its issuers",
      tier: 'core',
      references: [{ rfc: 9440, section: '2.3' }],
      cwes: ['CWE-295'],
      severity: 'critical',
      where: ({ chain }) => chain !== undefined,
      sends: (setup) => [request(setup.lines(inOrder([...certificatesOf(setup.other), certificatesOf(setup.authorized)[0]])))],
    },
    {
      id: 'forwarded-chain-alone',
      title: 'issuers without a certificate',
      differs: 'there is the header of the chain, with the whole chain of the authorized client, and not that of the certificate',
      tier: 'core',
      references: [{ rfc: 9440, section: '2.3' }],
      cwes: ['CWE-306'],
      severity: 'high',
      where: ({ chain }) => chain === 'header',
      sends: (setup) => {
        const whole = setup.lines(inOrder([...certificatesOf(setup.authorized).slice(0, 1), ...certificatesOf(setup.authorized)]));
        return [request(whole.filter(([name]) => name.toLowerCase() === setup.nameOf('chain').toLowerCase()))];
      },
    },
    {
      id: 'forwarded-chain-of-other',
      title: 'the issuers of another certificate',
      differs: 'the issuers beside the certificate are those of another PKI',
      tier: 'varies', // an application may know the right issuers itself,
      references: [{ rfc: 9440, section: '2.3' }],
      cwes: ['CWE-295'],
      needsUnverified: true,
      where: ({ chain }) => chain !== undefined,
      sends: (setup) => {
        const [leaf, issuer] = certificatesOf(setup.authorized);
        if (!issuer) return []; // the root has issued it
        const [, ...issuers] = certificatesOf(createPki().client('client'));
        return [request(setup.lines(inOrder([leaf, ...issuers]), { verified: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' }))];
      },
    },
  );
