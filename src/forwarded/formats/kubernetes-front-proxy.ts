import { createHash } from 'node:crypto';
import { invalidOption } from '../../errors/index.ts';
import { inspectChain, type PeerCertificate } from '../../x509/inspect-certificate.ts';
import type { FieldLine, HeaderFormat, HeaderLine } from '../format.ts';
import { malformed } from '../malformed.ts';

/**
 * kube-apiserver in front of an extension API server: the user, and no certificate. Its x509 authenticator takes the user from the (last) common name and the groups from the
 * organizations; it knows no user without a common name. Lines in the order in which Go writes them over HTTP/1.1.
 */
export const kubernetesFrontProxy: HeaderFormat = {
  format: 'kubernetes-front-proxy',
  names: { user: 'X-Remote-User', uid: 'X-Remote-Uid', groups: 'X-Remote-Group', extra: 'X-Remote-Extra-' },
  repeatable: ['groups', 'extra'],
  prefix: 'extra',
  write({ certificates }) {
    const [leaf] = certificates;
    const subject = leaf && inspectChain([leaf]).subject;
    if (!leaf || !subject?.commonName) return [];
    const uid = valuesOf(subject, uidAttribute);
    if (uid.length > 1 || uid.includes('')) return []; // x509.go refuses such a certificate
    const fingerprint = createHash('sha256').update(leaf).digest('hex');
    return [
      ['extra', `X509SHA256=${fingerprint}`, credentialIdKey],
      ...withAuthenticated(valuesOf(subject, 'organization')).map((group): FieldLine => ['groups', headerValue(group)]),
      ...uid.map((value): FieldLine => ['uid', headerValue(value)]),
      ['user', headerValue(subject.commonName)],
    ];
  },
  parse({ user: [user] = [], uid: [uid] = [], groups = [] }, { prefixed: extra = [] }) {
    const named = user === undefined || user === '' ? undefined : textOf('X-Remote-User', user);
    const others = uid !== undefined || groups.length > 0 || extra.length > 0;
    if (named === undefined && others) throw malformed('X-Remote-User', 'it is missing or empty beside other headers of a user');
    if (named === undefined) return { certificates: [], fields: {} };
    return {
      certificates: [],
      fields: {
        user: named,
        ...(uid !== undefined && { uid: textOf('X-Remote-Uid', uid) }),
        groups: groups.filter((group) => group !== '').map((group) => textOf('X-Remote-Group', group)),
        ...extraFields(extra),
      },
    };
  },
};

function valuesOf(subject: PeerCertificate['subject'], attribute: string): readonly string[] {
  return subject.parts.filter(({ type }) => type === attribute).map(({ value }) => value);
}

/** As apiserver's AuthenticatedGroupAdder. */
function withAuthenticated(groups: readonly string[]): readonly string[] {
  return groups.includes('system:authenticated') || groups.includes('system:unauthenticated')
    ? groups
    : [...groups, 'system:authenticated'];
}

/** Text in UTF-8, without blanks around it. */
function headerValue(text: string): string {
  const octets = Buffer.from(text).toString('latin1');
  if (/[\0-\x08\n-\x1f\x7f]/u.test(octets))
    throw invalidOption(
      'client',
      text,
      'a certificate whose common name and organizations have no control characters, since Go sends no such header',
    );
  return octets.replaceAll(/^[ \t]+|[ \t]+$/gu, '');
}

/** As `extra.<key>`, with a list of values each. */
function extraFields(extra: readonly HeaderLine[]): Record<string, readonly string[]> {
  const byKey = Map.groupBy(extra, ([rest]) => decodedKey(rest));
  return Object.fromEntries([...byKey].map(([key, lines]) => [`extra.${key}`, lines.map(([, value]) => textOf('X-Remote-Extra-', value))]));
}

/** Keys have no capitals (`newExtra` of apiserver). */
function decodedKey(rest: string): string {
  try {
    return decodeURIComponent(rest.toLowerCase());
  } catch {
    throw malformed(`X-Remote-Extra-${rest}`, 'its name is not percent-encoded UTF-8');
  }
}

function textOf(header: string, octets: string): string {
  const text = Buffer.from(octets, 'latin1').toString('utf8');
  if (Buffer.from(text).toString('latin1') !== octets) throw malformed(header, 'it is not UTF-8');
  return text;
}

/** `authentication.kubernetes.io/credential-id`, percent-encoded (`headerKeyEscape` of client-go), with capitals where Go has them in names of headers. */
const credentialIdKey = 'Authentication.kubernetes.io%2fcredential-Id';
/** Kubernetes' own (its enterprise number is 57683). */
const uidAttribute = '1.3.6.1.4.1.57683.2';
