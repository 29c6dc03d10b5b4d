import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createProxyServer } from 'httpxy';
import { startGateway } from '../../src/forwarded/index.ts';
import { createPki, type Pki } from '../../src/index.ts';
import { median, medianRatio, timesInTurns, type Timed } from './measure.ts';
import type { Load } from './programs/request-often.ts';
import { figure, type Section } from './section.ts';

/** Requests a second through a gateway, beside the same application behind an `https` server of Node's with the same proxy library. */
export async function gateway(): Promise<Section> {
  const pki = createPki();
  const child = fork(fileURLToPath(new URL('programs/request-often.ts', import.meta.url)), {
    env: { ...process.env, CLIENT: JSON.stringify(pki.client().tls) },
  });
  try {
    return await measured(pki, child);
  } finally {
    child.kill();
  }
}

async function measured(pki: Pki, child: ChildProcess): Promise<Section> {
  const [application] = (await once(child, 'message')) as [number];
  const bare = await startBare(pki, application);
  const ours = await startGateway({ pki, upstream: { host: '127.0.0.1', port: application }, format: 'rfc9440' });
  const spent = { ours: [] as number[], bare: [] as number[] };
  const candidates = [
    loadOn(child, ours.port, spent.ours),
    loadOn(child, (bare.address() as AddressInfo).port, spent.bare), // it listens on a port
  ];
  const [times = [], others = []] = await timesInTurns(candidates, { rounds, turnMs: 0 });
  await ours.close();
  bare.close();
  bare.closeAllConnections();
  return sectionOf({ times, others, spent: { ours: spent.ours.slice(-rounds), bare: spent.bare.slice(-rounds) } });
}

/** The bare server: it requires client certificates, and forwards without a word about them. */
async function startBare(pki: Pki, port: number): Promise<https.Server> {
  const proxy = createProxyServer({ target: { host: '127.0.0.1', port } });
  const server = https.createServer(pki.server().serverTls, (request, response) => void proxy.web(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function loadOn(child: ChildProcess, port: number, spent: number[]): Timed {
  return async () => {
    const load: Load = { port, requests };
    const start = process.cpuUsage();
    child.send(load);
    const [milliseconds] = (await once(child, 'message')) as [number];
    const { user, system } = process.cpuUsage(start);
    spent.push((user + system) / 1000 / requests);
    return milliseconds / requests;
  };
}

interface Figures {
  /** Milliseconds a request. */
  readonly times: readonly number[];
  readonly others: readonly number[];
  readonly spent: { readonly ours: readonly number[]; readonly bare: readonly number[] };
}

function sectionOf({ times, others, spent }: Figures): Section {
  return {
    title: 'Requests through a gateway',
    notes: [
      `\`startGateway\` of the format rfc9440, against an \`https\` server of Node's that requires client certificates and forwards by the same library, \`httpxy\`, without naming the client. ${rounds} rounds in turns of ${requests} requests each, GET with a small answer, 100 at a time on connections that stay; clients and application are in a process beside that of the gateway. The ratio is the median of the rounds' ratios.`,
      'The gateway observes every connection, removes what clients may not send, and records each request. Processor time is that of the process of the gateway.',
    ],
    tables: [
      {
        title: '',
        columns: ['', 'requests a second', 'ms of processor time for each'],
        rows: [
          ['startGateway', figure(1000 / median(times)), figure(median(spent.ours))],
          ['https and httpxy', figure(1000 / median(others)), figure(median(spent.bare))],
        ],
      },
    ],
    goals: [
      {
        what: 'requests a second through a gateway, against https and httpxy',
        ours: 1000 / median(times),
        other: 1000 / median(others),
        unit: 'requests a second',
        ratio: medianRatio(others, times),
        goal: 0.8,
        better: 'higher',
      },
    ],
    plots: [],
  };
}

const rounds = 9;
const requests = 3000;
