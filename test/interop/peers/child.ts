import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that runs beside the test. */
export interface Child extends AsyncDisposable {
  readonly pid: number | undefined;
  /** Writes to its standard input. */
  write(text: string): void;
  /** Ends its standard input. */
  end(): void;
  /** Waits until its output, both streams together, matches; throws with the output when it ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** The next line of its standard output. */
  line(): Promise<string>;
  /** Waits for its end: everything that it printed, and its status. */
  ended(): Promise<{ readonly status: number | null; readonly words: string }>;
}

/** Starts a program; it is killed when a minute is over, and when it is disposed of. */
export function startChild(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Child {
  const child = spawn(command, args, { stdio: 'pipe', timeout: 60_000, env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC', ...env } });
  const closed = once(child, 'close').catch((cause: unknown) => Promise.reject(new Error(`${command} was not started`, { cause })));
  const watchers = new Set<() => void>();
  let words = '';
  let lines = '';
  let hasEnded = false;
  const notify = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.stdin.on('error', () => {}); // it ended without reading: its output says the rest
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    words += text;
    lines += text;
    notify();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
    notify();
  });
  const onEnd = (): void => {
    hasEnded = true;
    notify();
  };
  closed.then(onEnd, onEnd);

  /** Looks each time that something was printed. */
  const watch = async <Found>(look: () => Found | undefined, wanted: string): Promise<Found> =>
    new Promise((resolve, reject) => {
      const watcher = (): void => {
        const found = look();
        if (found === undefined && !hasEnded) return;
        watchers.delete(watcher);
        if (found === undefined) reject(new Error(`${command} ${args.join(' ')} ended before ${wanted}: ${words}`));
        else resolve(found);
      };
      watchers.add(watcher);
      watcher();
    });

  return {
    pid: child.pid,
    write: (text) => child.stdin.write(text),
    end: () => child.stdin.end(),
    until: (pattern) => watch(() => pattern.exec(words) ?? undefined, String(pattern)),
    line: () =>
      watch(() => {
        const end = lines.indexOf('\n');
        if (end === -1) return undefined;
        const line = lines.slice(0, end);
        lines = lines.slice(end + 1);
        return line;
      }, 'the next line'),
    async ended() {
      await closed;
      return { status: child.exitCode, words };
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await closed.catch(() => {});
    },
  };
}
