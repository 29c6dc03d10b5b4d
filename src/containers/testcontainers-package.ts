import { createRequire } from 'node:module';
import type * as testcontainers from 'testcontainers';
import { MtlsFixturesError } from '../errors/index.ts';

/** The optional peer, found when this door is opened; a clear error where it is not installed. CommonJS, so it can be had without waiting. */
export const { AbstractStartedContainer, BoundPorts, GenericContainer, getContainerRuntimeClient } = load();

function load(): typeof testcontainers {
  const require = createRequire(import.meta.url);
  try {
    return require('testcontainers') as typeof testcontainers; // what its declarations say of it
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error; // errors of `require` carry a code
    throw new MtlsFixturesError('PACKAGE_MISSING', { name: 'testcontainers', install: 'testcontainers@12' }, { cause: error });
  }
}
