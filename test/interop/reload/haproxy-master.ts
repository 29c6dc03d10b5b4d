import { once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Has HAProxy's master reload, and waits until it has: signals that come while it reloads are one with the reload that is under way, which may have read the files already
 * (measured on 2.6.12: three signals in a row, one reload). `master` is the address of `-S`, which answers between two reloads only.
 */
export async function reloadHaproxy(master: net.NetConnectOpts, signal: () => unknown): Promise<void> {
  const before = await reloadsOf(master);
  await signal();
  while ((await reloadsOf(master)) === before) await pause(pollMs);
}

/** How often the master has reloaded, with success or without. Asks until it answers. */
async function reloadsOf(master: net.NetConnectOpts): Promise<string> {
  for (let asked = 0; asked < mostTries; asked += 1) {
    const answer = await ask(master).catch(() => '');
    const [, reloads] = /\bmaster\s+(\d+)/u.exec(answer) ?? [];
    if (reloads !== undefined) return reloads;
    await pause(pollMs);
  }
  throw new Error("HAProxy's master does not answer");
}

async function ask(master: net.NetConnectOpts): Promise<string> {
  const socket = net.connect(master);
  try {
    await once(socket, 'connect');
    socket.end('show proc\n');
    return await text(socket);
  } finally {
    socket.destroy();
  }
}

const pollMs = 20;
/** Ten seconds. */
const mostTries = 500;
