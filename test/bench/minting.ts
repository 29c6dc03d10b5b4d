import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { medianTimes, type Timed } from './measure.ts';
import { nodeForge } from './peers/forge.ts';
import { go } from './peers/go.ts';
import { mkcert } from './peers/mkcert.ts';
import { mockttp } from './peers/mockttp.ts';
import { openssl } from './peers/openssl.ts';
import { ours } from './peers/ours.ts';
import { peculiar } from './peers/peculiar.ts';
import type { MintingWork, OpenPeer, Peer } from './peers/peer.ts';
import { pemPackage } from './peers/pem.ts';
import { raw } from './peers/raw.ts';
import { selfsigned } from './peers/selfsigned.ts';
import { trustme, trustmeCommand } from './peers/trustme.ts';
import { figure, type Goal, type Section } from './section.ts';

/** What a minted certificate takes, beside other libraries. */
export async function minting(): Promise<Section> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-minting-'));
  const peers: Peer[] = [];
  try {
    const missing: string[] = [];
    for (const [name, open] of Object.entries(libraries)) {
      const peer = await open(mkdtempSync(path.join(folder, 'peer-')));
      if (peer) peers.push(peer);
      else missing.push(name);
    }
    const times = new Map<MintingWork, Map<string, number>>();
    for (const work of works) times.set(work, await timesOf(work, peers));
    return {
      title: 'Minting',
      notes,
      tables: [
        {
          title: 'Milliseconds for one, and how many times ours that is',
          columns: ['', 'runs', ...works.map((work) => titles[work])],
          rows: [
            ...peers.map((peer) => [peer.name, peer.runs, ...works.map((work) => cellOf(peer, work, times.get(work) ?? new Map()))]),
            ...missing.map((name) => [name, 'not here']),
          ],
        },
      ],
      goals: goalsOf(times.get('leaf') ?? new Map()),
      plots: [],
    };
  } finally {
    for (const peer of peers) peer.close?.();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Those that are about as fast as ours take turns among themselves first: they are not to collect the others' garbage. */
async function timesOf(work: MintingWork, peers: readonly Peer[]): Promise<Map<string, number>> {
  const able = peers.flatMap((peer) => (typeof peer.mints[work] === 'string' ? [] : [{ name: peer.name, mint: peer.mints[work] }]));
  const isFast = ({ name }: { readonly name: string }): boolean => fast.has(name);
  const quick = able.filter(isFast);
  const slow = able.filter((peer) => !isFast(peer));
  const isRsaKey = work === 'rsaLeaf'; // how long the search for primes takes is luck
  const quickMs = await medianTimes(quick.map(mintOf), isRsaKey ? { rounds: 15, turnMs: 0 } : { rounds: 41, turnMs: 10 });
  const slowMs = await medianTimes(slow.map(mintOf), isRsaKey ? { rounds: 9, turnMs: 0 } : { rounds: 9, turnMs: 20 });
  return new Map([
    ...quick.map(({ name }, index) => [name, quickMs[index] ?? 0] as const),
    ...slow.map(({ name }, index) => [name, slowMs[index] ?? 0] as const),
  ]);
}

function mintOf({ mint }: { readonly mint: Timed }): Timed {
  return mint;
}

function cellOf(peer: Peer, work: MintingWork, times: ReadonlyMap<string, number>): string {
  const mint = peer.mints[work];
  if (typeof mint === 'string') return mint;
  const milliseconds = times.get(peer.name) ?? Number.NaN;
  const ratio = milliseconds / (times.get(ourName) ?? Number.NaN);
  return peer.name === ourName ? figure(milliseconds) : `${figure(milliseconds)} (${figure(ratio)} times)`;
}

function goalsOf(times: ReadonlyMap<string, number>): Goal[] {
  const ms = (name: string): number => times.get(name) ?? Number.NaN;
  const ourMs = ms(ourName);
  const line = { ours: ourMs, unit: 'ms' };
  return [
    {
      ...line,
      what: 'P-256 leaf as PEM, against raw key generation, export and signature',
      other: ms(rawName),
      ratio: ourMs / ms(rawName),
      goal: 1.2,
      better: 'lower',
    },
    ...(times.has(goName)
      ? [
          {
            ...line,
            what: "P-256 leaf as PEM, against Go's crypto/x509",
            other: ms(goName),
            ratio: ourMs / ms(goName),
            goal: 1,
            better: 'lower',
          } as const,
        ]
      : []),
    {
      ...line,
      what: 'P-256 leaf, times faster than selfsigned',
      other: ms('selfsigned'),
      ratio: ms('selfsigned') / ourMs,
      goal: 50,
      better: 'higher',
    },
  ];
}

const libraries: Readonly<Record<string, OpenPeer>> = {
  'mtls-fixtures': ours,
  raw,
  "Go's crypto/x509": go,
  selfsigned,
  '@peculiar/x509': peculiar,
  'node-forge': nodeForge,
  mockttp,
  trustme,
  openssl,
  pem: pemPackage,
  mkcert,
  'python3 -m trustme': trustmeCommand,
};
const [ourName, rawName, goName] = ['mtls-fixtures', 'raw node:crypto: key, export, signature', "Go's crypto/x509"] as const;
const fast: ReadonlySet<string> = new Set([ourName, rawName, goName]);
const works = ['leaf', 'chain', 'rsaLeaf', 'rsaLeafOfKey'] as const satisfies readonly MintingWork[];
const titles: Readonly<Record<MintingWork, string>> = {
  leaf: 'P-256 leaf',
  chain: 'P-256 root, intermediate, leaf',
  rsaLeaf: 'RSA-2048 leaf',
  rsaLeafOfKey: 'RSA-2048 leaf for a key that is there',
};
const notes = [
  'Each leaf has a new key (but for the last column), the names localhost, 127.0.0.1 and ::1 (of mockttp localhost alone), and is signed by a CA that is there; the result is PEM of certificate and key. Of a chain all three keys are new.',
  'What has its own process stays and is asked over a pipe: only the minting itself is timed, by its own clock. A process a call is timed whole, as a script would run it.',
  'An RSA key takes as long as the search for its primes, which is luck: the column with new RSA keys is good for orders of magnitude only.',
];
