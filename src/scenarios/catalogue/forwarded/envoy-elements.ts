import { createHash } from 'node:crypto';
import type { HeaderLine } from '../../../forwarded/format.ts';
import type { Identity } from '../../../pki/identity.ts';
import { subjectAltName } from '../../../x509/extensions.ts';
import type { NamePart } from '../../../x509/names/distinguished-name.ts';
import { uri } from '../credentials/names/names.ts';
import type { Reference } from '../references.ts';
import { forApplications, request } from './forwarded-definition.ts';
import type { FormatFacts } from './format-facts.ts';
import type { ForwardedScenario } from './forwarded-scenario.ts';
import type { ForwardedSetup } from './forwarded-setup.ts';
import { withOrganization, written } from './names.ts';

const document: Reference = { document: 'Envoy', section: 'x-forwarded-client-cert' };
const ofEnvoy = { tier: 'core', references: [document], where: ({ encoding }: FormatFacts): boolean => encoding === 'xfcc' } as const;

/** The grammar of Envoy's header. */
export const envoyElements = (): readonly ForwardedScenario[] =>
  forApplications(
    {
      ...ofEnvoy,
      id: 'forwarded-xfcc-key-in-subject',
      title: 'a subject that holds another key of the header',
      differs: 'the organization in its subject is text that ends a quoted value and begins the key of the authorized client',
      cwes: ['CWE-436', 'CWE-863'],
      severity: 'high',
      sends: (setup) => [
        request(setup.lines(withOrganization(setup, `a;${keyOf(setup)};By=b`)), 'behind a semicolon'),
        request(setup.lines(withOrganization(setup, `a";${keyOf(setup)};By="b`)), 'behind a quotation mark'),
        request(setup.lines(withOrganization(setup, `a",${keyOf(setup)},By="b`)), 'behind a quotation mark and a comma'),
      ],
    },
    {
      ...ofEnvoy,
      id: 'forwarded-xfcc-subject-backslash',
      title: 'a subject that ends in a backslash',
      differs: 'the last character of its subject is a backslash, so that one more stands before the quotation mark that ends the value',
      cwes: ['CWE-436', 'CWE-863'],
      severity: 'high',
      sends: (setup) => [request(setup.lines(endingInBackslash(setup)))],
    },
    {
      ...ofEnvoy,
      id: 'forwarded-xfcc-key-in-uri',
      title: 'a URI that holds another key of the header',
      differs: 'the URI name of its certificate has a semicolon and the key of the authorized client, which Envoy writes as they are',
      cwes: ['CWE-436', 'CWE-863'],
      severity: 'high',
      sends: (setup) => [
        request(setup.lines(withUri(setup, `spiffe://example.test/x;${keyOf(setup)}`)), 'behind a semicolon'),
        request(setup.lines(withUri(setup, `spiffe://example.test/x,${keyOf(setup)}`)), 'behind a comma'),
      ],
    },
    {
      ...ofEnvoy,
      id: 'forwarded-xfcc-unmatched-quote',
      title: 'an element with an unmatched quotation mark',
      differs: 'the quotation mark that ends the last quoted value is missing',
      cwes: ['CWE-20'],
      severity: 'medium',
      sends: (setup) => [request(edited(setup.lines(setup.authorized), unquoted))],
    },
    {
      ...ofEnvoy,
      id: 'forwarded-xfcc-certificate-twice',
      title: 'an element with two certificates',
      differs: "the key Cert comes twice in one element, the authorized client's before and after the true one",
      tier: 'extended',
      cwes: ['CWE-436'],
      severity: 'low',
      sends: (setup) => {
        const forged = certificateKey(setup, setup.authorized);
        const lines = setup.essentials(setup.other);
        return [
          request(
            edited(lines, (value) => value.replace('Cert=', () => `${forged};Cert=`)),
            'with the forged one first',
          ),
          request(
            edited(lines, (value) => value.replace(/Cert="[^"]*"/u, (own) => `${own};${forged}`)),
            'with the forged one last',
          ),
        ];
      },
    },
    {
      ...ofEnvoy,
      id: 'forwarded-xfcc-hash-of-other',
      title: 'a hash of another certificate',
      differs: "the key Hash is that of another client's certificate",
      tier: 'extended',
      cwes: ['CWE-345'],
      severity: 'low',
      sends: (setup) => [
        request(
          edited(setup.essentials(setup.authorized), (value) => value.replace(/Hash=[0-9a-f]+/u, () => `Hash=${hashOf(setup.other)}`)),
        ),
      ],
    },
    {
      ...ofEnvoy,
      id: 'forwarded-xfcc-hash-of-authorized',
      title: "another client's certificate beside the hash of the authorized client's",
      differs: "the key Hash is that of the authorized client's certificate, and the certificate is another one",
      cwes: ['CWE-345'],
      tier: 'extended',
      severity: 'low',
      sends: (setup) => [
        request(
          edited(setup.essentials(setup.other), (value) => value.replace(/Hash=[0-9a-f]+/u, () => `Hash=${hashOf(setup.authorized)}`)),
        ),
      ],
    },
    {
      ...ofEnvoy,
      id: 'forwarded-xfcc-key-case',
      title: 'an element with its keys in small letters',
      differs: 'the keys are in small letters, which mean the same',
      tier: 'varies',
      expected: 'accepted',
      sends: (setup) => [
        request(
          edited(setup.lines(setup.authorized), (value) =>
            value.replaceAll(/(?<=^|;)(?:By|Hash|Cert|Chain|Subject|URI|DNS)(?==)/gu, (key) => key.toLowerCase()),
          ),
        ),
      ],
    },
  );

/** The key by which an application might find the authorized client in the header, in place of a certificate. */
function keyOf({ authorizes }: ForwardedSetup): string {
  const name = written(authorizes);
  return name.startsWith('URI=') ? name : `Subject="${name}"`;
}

/** The organization is the first part in the certificate, which RFC 2253 writes last. */
function endingInBackslash(setup: ForwardedSetup): Identity {
  return withUri(setup, `spiffe://example.test/x";${keyOf(setup)};By="b`, [{ type: 'organization', value: 'a\\' }]);
}

/** A valid client, not the authorized one, whose URI name is any text: a name with blanks may be in it. */
function withUri({ pki, otherName }: ForwardedSetup, text: string, before: readonly NamePart[] = []): Identity {
  return pki.client(undefined, {
    subject: [...before, { type: 'commonName', value: otherName }],
    extensions: [subjectAltName([uri(text)], false)],
  });
}

function edited(lines: readonly HeaderLine[], edit: (value: string) => string): readonly HeaderLine[] {
  return lines.map(([name, value]) => [name, edit(value)]);
}

function unquoted(value: string): string {
  const last = value.lastIndexOf('"');
  return `${value.slice(0, last)}${value.slice(last + 1)}`;
}

function certificateKey(setup: ForwardedSetup, { certificate }: Identity): string {
  return `Cert="${setup.text.write(certificate.raw)}"`;
}

function hashOf({ certificate }: Identity): string {
  return createHash('sha256').update(certificate.raw).digest('hex');
}
