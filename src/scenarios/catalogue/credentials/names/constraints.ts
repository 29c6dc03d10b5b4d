import { type Der, sequence } from '../../../../asn1/der-writer.ts';
import { type NameConstraints, nameConstraints } from '../../../../x509/names/name-constraints.ts';
import { oid } from '../../../../x509/object-identifiers.ts';
import { intermediate, root } from '../../changes.ts';
import { type Change, type Outcome, rejected } from '../../credential-definition.ts';

/** The issuing CA has these constraints. */
export function constrained(constraints: NameConstraints): Change {
  return intermediate({ extend: [nameConstraints(constraints)] });
}

/** The same, not critical. */
export function constrainedNonCritical(constraints: NameConstraints): Change {
  return intermediate({ extend: [{ ...nameConstraints(constraints), critical: false }] });
}

/** The root has them. */
export function anchorConstrained(constraints: NameConstraints): Change {
  return root({ extend: [nameConstraints(constraints)] });
}

/** The issuing CA has constraints of any parts. */
export function subtrees(...parts: readonly Der[]): Change {
  return intermediate({ extend: [{ oid: oid.nameConstraints, critical: true, value: sequence(...parts) }] });
}

/** A name outside what is permitted. */
export const notPermitted: Outcome = rejected('PERMITTED_VIOLATION');
/** A name within what is excluded. */
export const excluded: Outcome = rejected('EXCLUDED_VIOLATION');
