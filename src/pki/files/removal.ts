import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { removeError } from '../../errors/index.ts';

/**
 * Removes what was written, once: when asked, at the latest when the process ends. What ends it without running JavaScript leaves it: SIGKILL, SIGSTOP and a
 * kill after it, `process.abort()`, a crash, the end of a worker thread by `terminate()` or together with its process by a signal.
 */
export class Removal {
  readonly #paths = new Set<string>();
  readonly #folder: { readonly directory: string; readonly created: string | undefined };

  constructor(folder: { readonly directory: string; readonly created: string | undefined }) {
    this.#folder = folder;
    if (pending.size === 0) watchEnd();
    pending.add(this);
  }

  /** A file, a link or a folder, after what it is in. */
  add(written: string): void {
    this.#paths.add(written);
  }

  /** Removes one before the others. What cannot be removed, such as a folder with files of others in it, is tried again at the end. */
  discard(written: string): void {
    try {
      if (removeOne(written)) this.#paths.delete(written);
    } catch {
      // the end reports it
    }
  }

  /** Removes everything. Throws `REMOVE_FAILED` for the first that stays, after all others are gone; then the next call tries again. */
  remove(): void {
    const [failure] = this.#removeAll();
    if (failure) throw removeError(failure.error, failure.written);
  }

  /** The same for the end of the process, where an error would hide why it ends. */
  removeQuietly(): void {
    this.#removeAll();
  }

  #removeAll(): readonly { readonly written: string; readonly error: unknown }[] {
    if (!pending.has(this)) return [];
    const failures = [...this.#paths].toReversed().flatMap((written) => {
      try {
        if (removeOne(written)) this.#paths.delete(written);
        return [];
      } catch (error) {
        return [{ written, error }];
      }
    });
    const { created, directory } = this.#folder;
    if (created !== undefined) removeEmptyFolders(created, directory);
    if (failures.length === 0) pending.delete(this);
    if (pending.size === 0) forgetEnd();
    return failures;
  }
}

/** Whether it is gone. A folder is removed only empty: what others put into it is theirs. */
function removeOne(written: string): boolean {
  const found = fs.lstatSync(written, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) {
    fs.rmSync(written, { force: true });
    return true;
  }
  try {
    fs.rmdirSync(written);
    return true;
  } catch (error) {
    if (Object(error).code === 'ENOTEMPTY' || Object(error).code === 'EEXIST') return false; // POSIX allows both codes
    throw error;
  }
}

/** From the inner folder up to the outermost that we made; a folder with files of others in it stays. */
function removeEmptyFolders(outermost: string, innermost: string): void {
  for (let folder = innermost; folder.startsWith(outermost); folder = path.dirname(folder)) {
    try {
      fs.rmdirSync(folder);
    } catch {
      return; // not empty, or gone already
    }
  }
}

/** First of all listeners: one that was added by `once` is no longer counted when a later one runs. */
function watchEnd(): void {
  process.once('exit', removeAll);
  for (const signal of deadly) process.prependListener(signal, onSignal);
}

function forgetEnd(): void {
  process.off('exit', removeAll);
  for (const signal of deadly) process.off(signal, onSignal);
}

/**
 * A signal ends a process without the event `exit`, unless a listener is there: then it decides. Listeners of other copies of this library (a test runner loads
 * one for each file) do what this one does, and the last of them sends the signal again: its default, a core dump for example, happens as without us.
 */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listeners(signal).length > ourListeners(signal) + exitHooks(signal)) return;
  removeAll();
  forgetEnd();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function ourListeners(signal: NodeJS.Signals): number {
  return process.listeners(signal).filter((listener) => Reflect.get(listener, mark) === true).length;
}

/**
 * Listeners of the package signal-exit (3 and 4; testcontainers and execa load it), which are counted here: it sends the signal again where it finds no listener but its own, as is done here. Each
 * would wait for the other, and the process would survive.
 */
function exitHooks(signal: NodeJS.Signals): number {
  if (process.platform === 'win32' && !['SIGHUP', 'SIGINT', 'SIGTERM'].includes(signal)) return 0; // it does not listen to the others there
  const emitters: readonly unknown[] = [
    Reflect.get(globalThis, Symbol.for('signal-exit emitter')),
    Reflect.get(process, '__signal_exit_emitter__'),
  ];
  return emitters
    .map((emitter): unknown => Object(emitter).count)
    .reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0);
}

function removeAll(): void {
  for (const removal of pending) removal.removeQuietly();
}

const pending = new Set<Removal>();
const mark: unique symbol = Symbol.for('mtls-fixtures.removal');
Object.defineProperty(onSignal, mark, { value: true });
/**
 * Those that end a process and that Node lets a program hear. Not SIGUSR1, with which Node starts its debugger. SIGABRT only from outside: `process.abort()` ends the process before a
 * listener runs (measured on Node 22, 24 and 26). SIGBREAK is Windows' Ctrl+Break.
 */
const deadly = (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGABRT', 'SIGBREAK'] as const).filter(
  (signal) => signal in os.constants.signals,
);
