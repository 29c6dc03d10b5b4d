import fs from 'node:fs';
import path from 'node:path';

/** Removes what was written, once: when asked, at the latest when the process ends; only SIGKILL and a crash of the machine leave it. */
export class Removal {
  readonly #files: string[] = [];
  readonly #folder: { readonly directory: string; readonly created: string | undefined };

  constructor(folder: { readonly directory: string; readonly created: string | undefined }) {
    this.#folder = folder;
    if (pending.size === 0) watchEnd();
    pending.add(this);
  }

  add(file: string): void {
    this.#files.push(file);
  }

  remove(): void {
    if (!pending.delete(this)) return;
    if (pending.size === 0) forgetEnd();
    for (const file of this.#files) fs.rmSync(file, { force: true });
    const { created, directory } = this.#folder;
    if (created !== undefined) removeEmptyFolders(created, directory);
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

function watchEnd(): void {
  process.once('exit', removeAll);
  for (const signal of deadly) process.on(signal, onSignal);
}

function forgetEnd(): void {
  process.off('exit', removeAll);
  for (const signal of deadly) process.off(signal, onSignal);
}

/** A signal ends a process without the event `exit`, unless a listener is there: then it decides. Once nothing is left to remove, ours is gone. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  removeAll();
  process.kill(process.pid, signal);
}

function removeAll(): void {
  for (const removal of pending) removal.remove();
}

const pending = new Set<Removal>();
const deadly: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
