import type { FailedReloadTrial } from '../../catalogue/reload/reload-scenario.ts';
import { asExpected, notJudged, type Seen, unexpected } from '../../records/scenario-result.ts';
import { type ReloadedServer, serialOf } from './reloaded-server.ts';
import { changeIn, servesStill } from './try-client.ts';

/** Damages a file, has the server reload it, and looks whether it keeps what it has; then with a file that is whole again. */
export async function runFailedReload({ damaged }: FailedReloadTrial, server: ReloadedServer): Promise<Seen> {
  const slow = server.hasReloaded ? undefined : await server.renew(); // how long to wait is known by a reload that works
  if (slow !== undefined) return notJudged(`not judged: ${slow}`);
  const serial = serialOf(server.identity);
  server.damage(damaged);
  const call = await server.reload(); // to throw is an answer
  await server.settle();
  const during = `while the file cannot be used`;
  const changed = (await changeIn(server, during)) ?? (await servesStill(server, serial, during));
  if (changed) return changed;
  if (call.kind === 'hung') return unexpected(`it goes on as before, but reload did not end ${during}`);

  const problem = await server.renew();
  if (problem !== undefined) return unexpected(`the server kept what it had, but is stuck with it: ${problem}`);
  return (await changeIn(server, 'once the file is whole again')) ?? asExpected('kept what it had, and took the next files, as expected');
}
