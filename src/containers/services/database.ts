import type { StartedTestContainer } from 'testcontainers';
import { type RunningCredential, StartedMtlsContainer } from '../mtls-container.ts';

/** The names that a database server was started with. */
export interface DatabaseNames {
  readonly database: string;
  readonly username: string;
}

/** A database server that runs. */
export abstract class StartedMtlsDatabase extends StartedMtlsContainer {
  readonly #names: DatabaseNames;

  constructor(
    container: StartedTestContainer,
    running: RunningCredential,
    { port, names }: { readonly port: number; readonly names: DatabaseNames },
  ) {
    super(container, running, port);
    this.#names = names;
  }

  getDatabase(): string {
    return this.#names.database;
  }

  getUsername(): string {
    return this.#names.username;
  }
}
