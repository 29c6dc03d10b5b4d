import { readFileSync } from 'node:fs';
import https from 'node:https';
import { createPki } from '../../src/index.ts';
import { reloadScenarios } from '../../src/scenarios/index.ts';
import type { ReloadMaterial, ReloadSource } from '../../src/scenarios/run/reload/reload-source.ts';
import { ReloadedServer } from '../../src/scenarios/run/reload/reloaded-server.ts';
import { runReloadScenario } from '../../src/scenarios/run/reload/run-reload-scenario.ts';
import { figure, type Section } from './section.ts';

/** What `describeReloadUnderTest` runs by default, against an https server that is reloaded by a call. */
export async function reloads(): Promise<Section> {
  const server = new ReloadedServer(carefulServer(), { pki: createPki({ name: 'bench' }), version: 'TLSv1.3', timeout: 5000 }, 10_000);
  const rows: string[][] = [];
  const start = performance.now();
  await server.open();
  try {
    for (const scenario of reloadScenarios.filter(({ tier }) => tier === 'core')) {
      const from = performance.now();
      const { status, unsuitable } = await runReloadScenario(scenario, server, undefined);
      if (status !== 'as-expected' && !unsuitable) throw new Error(`${scenario.id} is ${status} on a correct server`);
      if (!unsuitable) rows.push([scenario.id, figure(performance.now() - from)]);
    }
  } finally {
    await server.close();
  }
  const seconds = (performance.now() - start) / 1000;
  const goal = {
    what: 'a reload suite on a Node server, against ten seconds',
    ours: seconds,
    other: 10,
    unit: 's',
    ratio: seconds / 10,
    goal: 1,
    better: 'lower',
  } as const;
  return {
    title: 'Reloads: time per scenario',
    notes: [
      'What `describeReloadUnderTest` runs by default, one after the other, against an https server of this process that is reloaded by a call; without Vitest. After each damaged file the server is given at least a tenth of a second to do wrong.',
    ],
    tables: [{ title: '', columns: ['', 'ms'], rows }],
    goals: [goal],
    plots: [],
  };
}

/** Rejects what Node takes without an error: an empty key, and anchors that are none. */
function carefulServer(): ReloadSource {
  let running: { readonly server: https.Server; readonly material: ReloadMaterial } | undefined;
  const read = ({ files, trustFile }: ReloadMaterial): https.ServerOptions => {
    const [key, cert, ca] = [files.key, files.cert, trustFile].map((file) => readFileSync(file, 'utf8'));
    if (key === '' || !ca?.includes('-----END CERTIFICATE-----')) throw new Error('a file is empty or cut off');
    return { key, cert, ca };
  };
  return {
    start: (material) => {
      const options = { ...read(material), requestCert: true, rejectUnauthorized: true };
      running = { material, server: https.createServer(options, (_request, response) => response.end('ok')) };
      return running.server;
    },
    reload: () => running?.server.setSecureContext(read(running.material)),
  };
}
