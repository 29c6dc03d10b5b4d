import { byId } from './dom.ts';

/** Saves the results of a cell, with the certificates that it names, as JSON. */
export async function saveJson(key: string): Promise<void> {
  const found = await resultOf(key);
  if (found) save(`${nameOf(key)}.json`, 'application/json', `${JSON.stringify(found.shown, undefined, 1)}\n`);
}

/** Saves the capture of a cell, which Wireshark opens. */
export async function saveCapture(key: string): Promise<void> {
  const found = await resultOf(key);
  if (found?.capture === undefined) return;
  save(`${nameOf(key)}.pcapng`, 'application/octet-stream', bytesOf(found.capture));
}

/** Of the report, what this needs. */
interface Report {
  readonly startedAt: string;
  readonly origin: object;
  readonly targets: readonly (object & { readonly results: readonly Result[] })[];
  readonly assertions: readonly Result[];
  readonly certificates: Readonly<Record<string, object>>;
}

interface Result {
  readonly key: string;
  /** Of an edited handshake. */
  readonly capture?: string;
  readonly handshake?: Readonly<Partial<Record<'clientChain' | 'serverChain', { readonly certificates: readonly unknown[] }>>> & {
    readonly capture?: string;
  };
}

async function resultOf(key: string): Promise<{ readonly shown: object; readonly capture: string | undefined } | undefined> {
  const { startedAt, origin, targets, assertions, certificates } = await readReport();
  const owner = targets.find(({ results }) => results.some((result) => result.key === key));
  const found = [...(owner?.results ?? []), ...assertions].find((result) => result.key === key);
  if (!found) return undefined;
  const { results: _results, ...target } = owner ?? { results: [] };
  const { capture: ofFlight, ...facts } = found;
  const { capture = ofFlight, ...handshake } = found.handshake ?? {};
  const sent = new Set([handshake.clientChain, handshake.serverChain].flatMap((chain) => chain?.certificates ?? []));
  const named = Object.entries(certificates).filter(([fingerprint]) => sent.has(fingerprint));
  const result = { ...facts, ...(found.handshake && { handshake }) };
  return { shown: { startedAt, origin, ...(owner && { target }), result, certificates: Object.fromEntries(named) }, capture };
}

/** The whole report is in the page, compressed: most readers save nothing. */
let reading: Promise<Report> | undefined;

function readReport(): Promise<Report> {
  reading ??= new Response(
    new Blob([bytesOf(byId('json', HTMLScriptElement).textContent)]).stream().pipeThrough(new DecompressionStream('deflate')),
  ).json();
  return reading;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function nameOf(key: string): string {
  return key
    .replaceAll(/[^\w.-]+/gu, '-')
    .replaceAll(/^[-.]+|-+$/gu, '')
    .slice(-longestName);
}

function save(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), timeToSave);
}

const longestName = 120;
/** Milliseconds: a browser reads the bytes after the click. */
const timeToSave = 60_000;
