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
  } catch (error) {
    if (isMissing(error, name)) throw packageMissing(name);
    // Jest 29 and Vite's module runner have no import.meta.resolve (measured on Vitest 5.1, of a package that it inlines): loading will show it.
  }
  try {
    return await load();
  } catch (error) {
    throw isMissing(error, name) ? packageMissing(name) : error;
  }
}

/** Without a trace and without the loader's error, which says the same: an import that is not caught prints little more than the sentence. */
function packageMissing(name: string): MtlsFixturesError {
  const error = new MtlsFixturesError('PACKAGE_MISSING', { name, install: name });
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

/** Of the package itself: one that the package lacks in its turn is another fault. */
function isMissing(error: unknown, name: string): boolean {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown }; // whatever was thrown
  return codes.has(code) && new RegExp(`['"]${name}['"/]`, 'u').test(String(message));
}

/** Of Node's loaders, the latter also of Jest's. */
const codes: ReadonlySet<unknown> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);
