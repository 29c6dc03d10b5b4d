import { MtlsFixturesError } from './mtls-fixtures-error.ts';

/** An optional package that an entry point needs. */
export interface OptionalPeer {
  readonly name: string;
  /** Finds the package without loading it; throws where it is not installed. */
  readonly resolve: () => unknown;
}

/** Loads a module that imports an optional package. Throws `PACKAGE_MISSING` where the package is not installed; any other error passes. */
export async function loadWithPeer<Module>({ name, resolve }: OptionalPeer, load: () => Promise<Module>): Promise<Module> {
  try {
    resolve();
    return await load();
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    throw new MtlsFixturesError('PACKAGE_MISSING', { name, install: name }, { cause: error });
  }
}

/** Of the package itself: one that the package lacks in its turn is another fault. */
function isMissing(error: unknown, name: string): boolean {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown }; // whatever was thrown
  return code === 'ERR_MODULE_NOT_FOUND' && new RegExp(`['"]${name}['"/]`, 'u').test(String(message));
}
