import { decodePem } from '../../asn1/pem.ts';
import { messageOf, MtlsFixturesError, typeName } from '../../errors/index.ts';
import { inspectCertificate } from '../../x509/inspect-certificate.ts';
import { nameConstraints } from '../../x509/names/name-constraints.ts';
import { isRevocationReason, type RevokedCertificate } from '../../x509/revocation/revocation-list.ts';
import { type Authority, createAuthority } from '../authority.ts';
import { belongsTo } from './belongs-to.ts';
import { requireDate, requireLifetime } from '../certificate-parts.ts';
import { type KeyAlgorithm, privateKeyFrom, requireKeyAlgorithm } from '../key-algorithm.ts';
import { permittedConstraints, requirePermitted } from '../permitted.ts';
import { assemblePki, type Pki } from '../pki.ts';
import type { SerializedAuthority, SerializedPki } from './serialized-pki.ts';

/** The PKI that was serialized: same authorities, keys and revocations. Throws `SERIALIZED_PKI_INVALID`, or `KEY_ALGORITHM_UNAVAILABLE` where this Node.js lacks the algorithm of its keys. */
export function restorePki(serialized: SerializedPki): Pki {
  try {
    return restore(serialized);
  } catch (cause) {
    if (cause instanceof MtlsFixturesError && ['SERIALIZED_PKI_INVALID', 'KEY_ALGORITHM_UNAVAILABLE'].includes(cause.code)) throw cause;
    throw invalid(messageOf(cause), cause);
  }
}

function restore(serialized: SerializedPki): Pki {
  if (typeof serialized !== 'object' || serialized === null) throw invalid(`it is ${typeName(serialized)}, not an object`);
  const { version, name, keyAlgorithm, validFor, authorities, permitted } = serialized;
  if (version !== 1) throw invalid(`its version is ${shown(version)}, not 1`);
  requireKeyAlgorithm(keyAlgorithm);
  requireLifetime(validFor);
  if (typeof name !== 'string' || name === '' || !Array.isArray(authorities)) throw invalid('its name or its authorities are missing');

  const restored: Authority[] = [];
  for (const authority of authorities as readonly SerializedAuthority[])
    restored.push(restoreAuthority(authority, restored.at(-1), { keyAlgorithm, validFor })); // isArray forgets the element type
  const [root, ...rest] = restored;
  if (!root) throw invalid('it has no authority');
  return assemblePki({ name, authorities: [root, ...rest], keyAlgorithm, validFor, permitted: restorePermitted(permitted, root) });
}

/** The list has to be what the root's certificate says, which is what every verifier goes by. */
function restorePermitted(permitted: unknown, root: Authority): readonly string[] | undefined {
  if (permitted === undefined) return undefined;
  const names = requirePermitted(permitted);
  const { value } = nameConstraints(permittedConstraints(names));
  if (!root.certificate.raw.includes(value)) throw invalid('its permitted names are not those of its root');
  return names;
}

function restoreAuthority(
  serialized: SerializedAuthority,
  parent: Authority | undefined,
  defaults: { readonly keyAlgorithm: KeyAlgorithm; readonly validFor: number },
): Authority {
  const { certificate, key, crlNumber, revoked } = serialized;
  const [block] = decodePem(certificate);
  if (!block) throw invalid('an authority has no certificate');
  const { pathLength, isAuthority } = inspectCertificate(block.der);
  if (!isAuthority) throw invalid('one of its authorities has the certificate of a leaf');
  if (!Number.isSafeInteger(crlNumber) || crlNumber < 0) throw invalid(`it has the CRL number ${shown(crlNumber)}`);
  const authority = createAuthority({
    certificate: block.der,
    key: privateKeyFrom(key),
    parent,
    defaults,
    pathLength,
    crlNumber,
    revoked: revoked.map(restoreRevocation),
  });
  if (!belongsTo(privateKeyFrom(key), authority.certificate.publicKey))
    throw invalid(`the key of "${authority.name}" is another certificate's`);
  if (!authority.certificate.verify((parent ?? authority).certificate.publicKey))
    throw invalid(`"${authority.name}" was not issued by ${parent ? 'the authority before it' : 'itself, as a root is'}`);
  return authority;
}

function restoreRevocation({ serialNumber, reason, date }: SerializedAuthority['revoked'][number]): RevokedCertificate {
  if (!isRevocationReason(reason)) throw invalid(`it has a revocation for ${shown(reason)}`);
  const revoked = { serialNumber: BigInt(`0x${serialNumber}`), reason, date: new Date(date) };
  requireDate('date', revoked.date);
  return revoked;
}

/** What a message may quote of damaged data: the rest may be a key. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return /^[\x20-\x7e]{0,40}$/u.test(text) ? text : `a long ${typeof value}`;
}

function invalid(problem: string, cause?: unknown): MtlsFixturesError {
  return new MtlsFixturesError('SERIALIZED_PKI_INVALID', { problem }, cause === undefined ? undefined : { cause });
}
