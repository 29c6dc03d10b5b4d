import { type ForwardedDefinition, forApplications, request } from './forwarded-definition.ts';
import type { ForwardedScenario } from './forwarded-scenario.ts';
import { hasCertificate } from './format-facts.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';

/** Requests that name no client. */
export const missingClients = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      id: 'forwarded-header-absent',
      title: 'a request without the header',
      differs: 'no header names a client, as where the proxy does not ask for a certificate',
      tier: 'core',
      references: [{ rfc: 9440, section: '2.4' }],
      cwes: ['CWE-306'],
      severity: 'critical',
      isNegativeControl: true,
      sends: () => [request([])],
    },
    {
      id: 'forwarded-without-certificate',
      title: 'a client without certificate',
      differs: 'the headers are those that the proxy sends for a client which presented none',
      tier: 'core',
      references: [{ rfc: 9440, section: '2.4' }],
      cwes: ['CWE-306'],
      severity: 'critical',
      where: ({ saysAbsent }) => saysAbsent === true,
      sends: (setup) => [request(setup.lines(undefined))],
    },
    allWith('forwarded-header-empty', '', 'empty', 'as where the proxy has no value for it'),
    allWith('forwarded-header-null-text', '(null)', '"(null)"', 'as Apache sends where there is no certificate'),
    allWith('forwarded-header-nil-text', '<nil>', '"<nil>"', 'as Caddy sends where there is no certificate'),
    {
      ...allWith('forwarded-header-empty-sequence', '::', 'an empty Byte Sequence', 'as a proxy that puts colons around no value'),
      where: hasCertificate,
      references: [
        { rfc: 8941, section: '3.3.5' },
        { rfc: 9440, section: '2.2' },
      ],
    },
    {
      id: 'forwarded-garbage',
      title: 'a header that holds no certificate',
      differs: 'its value is text, or Base64 of octets that are not a certificate',
      tier: 'core',
      references: [{ rfc: 9440, section: '2.1' }],
      cwes: ['CWE-20'],
      severity: 'high',
      where: hasCertificate,
      sends: (setup) => [
        request(
          setup.rewritten(() => 'certificate'),
          'with text',
        ),
        request(
          setup.rewritten(() => setup.text.write(Buffer.from('certificate'))),
          'with octets that are not a certificate',
        ),
      ],
    },
  );

function allWith(id: ForwardedDefinition['id'], value: string, is: string, how: string): ForwardedDefinition {
  return {
    id,
    title: `a header whose value is ${is}`,
    differs: `the value is ${is}, ${how}`,
    tier: 'core',
    references: [],
    cwes: ['CWE-306'],
    severity: 'critical',
    sends: (setup: ForwardedSetup) => [request(setup.lines(setup.authorized).map(([name]) => [name, value]))],
  };
}
