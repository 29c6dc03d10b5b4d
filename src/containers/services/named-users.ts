import { invalidOption } from '../../errors/index.ts';

/** The users of `withUsers`, each with what it may do, which is still to be checked. Throws `OPTION_INVALID` where there are none; `form`: of one of them, for the message. */
export function namedUsers(users: unknown, form: string): readonly (readonly [name: string, value: unknown])[] {
  const entries = typeof users === 'object' && users !== null ? Object.entries(users) : [];
  if (entries.length === 0) throw invalidOption('users', users, `{ ${form} } with one user or more`);
  return entries;
}
