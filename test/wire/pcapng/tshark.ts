import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';
import type { Side } from '../../../src/wire/tap/capture.ts';
import { run } from '../../interop/judges.ts';
import { temporaryFolder } from '../../interop/temporary-folder.ts';

/** `describe` for what Wireshark's command line judges; skipped loudly where it is missing, a failure under CI. */
export function describeWithTshark(): typeof describe | typeof describe.skip {
  const { stdout } = spawnSync('tshark', ['--version'], { encoding: 'utf8', timeout: 30_000 });
  if (/^TShark \(Wireshark\) [4-9]/mu.test(stdout ?? '')) return describe;
  const missing = '"tshark" is not installed (or too old), so it judges nothing; on Debian: apt-get install tshark';
  if (process.env['CI']) throw new Error(missing);
  // oxlint-disable-next-line no-console -- a judge that is missing must not pass unnoticed
  console.warn(missing);
  return describe.skip;
}

/** One message as tshark shows it: its fields in order. */
export interface TsharkMessage {
  readonly sentBy: Side;
  readonly kind: 'handshake' | 'alert' | 'change_cipher_spec' | 'application_data';
  readonly fields: readonly TsharkField[];
}

/** A field: its name, its value as text, its octets in hexadecimal, and the line that Wireshark shows. */
export interface TsharkField {
  readonly name: string;
  readonly show: string;
  readonly value: string;
  readonly line: string;
}

/** What tshark reads in a capture, decrypted with the secrets in it. */
export async function tsharkMessages(pcapng: Uint8Array, serverPort: number): Promise<TsharkMessage[]> {
  const pdml = await tshark(pcapng, ['-T', 'pdml']);
  const messages: { sentBy: Side; kind: TsharkMessage['kind']; fields: TsharkField[] }[] = [];
  let sentBy: Side = 'client';
  for (const [tag, content] of pdml.matchAll(/<field ([^\n]*?)\/?>/gu)) {
    const field = fieldOf(content ?? tag);
    if (field.name === 'tcp.srcport') sentBy = Number(field.show) === serverPort ? 'server' : 'client';
    const kind = starts[field.name];
    if (kind) messages.push({ sentBy, kind, fields: [] });
    if (field.name.startsWith('tls.') || field.name.startsWith('x509if.')) messages.at(-1)?.fields.push(field);
  }
  return messages;
}

/** What tshark and capinfos find wrong with a capture, from warnings on: nothing, where it is in order. Checksums are looked at too. */
export async function complaintsAbout(pcapng: Uint8Array): Promise<string[]> {
  using folder = temporaryFolder();
  const file = folder.write('capture.pcapng', pcapng);
  const odd =
    'tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0 || _ws.malformed || _ws.expert.severity >= 6291456';
  const answers = [
    await run('tshark', [...strictly, '-r', file, '-Y', odd, '-T', 'fields', '-e', 'frame.number', '-e', '_ws.expert.message']),
    await run('capinfos', ['-M', file]),
  ];
  const lines = answers.flatMap(({ stderr }) => stderr.split('\n')).concat(answers[0]?.stdout.split('\n') ?? []);
  const failed = answers.filter(({ status }) => status !== 0).map(({ status }) => `ended with ${status}`);
  return [...failed, ...lines.filter((line) => line !== '' && !line.startsWith('Running as user "root"'))];
}

/** What tshark prints about a capture. */
export async function tshark(pcapng: Uint8Array, args: readonly string[]): Promise<string> {
  using folder = temporaryFolder();
  const { status, stdout, stderr } = await run('tshark', [...strictly, '-r', folder.write('capture.pcapng', pcapng), ...args]);
  if (status !== 0) throw new Error(`tshark ended with ${status}: ${stderr}`);
  return stdout;
}

/** What capinfos prints about a capture. */
export async function capinfos(pcapng: Uint8Array): Promise<string> {
  using folder = temporaryFolder();
  return (await run('capinfos', ['-M', folder.write('capture.pcapng', pcapng)])).stdout;
}

function fieldOf(attributes: string): TsharkField {
  const attribute = (name: string): string => unescape(new RegExp(`(?:^| )${name}="([^"]*)"`, 'u').exec(attributes)?.[1] ?? '');
  return { name: attribute('name'), show: attribute('show'), value: attribute('value'), line: attribute('showname') };
}

function unescape(text: string): string {
  return text.replaceAll(/&(lt|gt|quot|apos|amp);/gu, (_whole, name: keyof typeof entities) => entities[name]);
}

const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' } as const;

const starts: Readonly<Record<string, TsharkMessage['kind']>> = {
  'tls.handshake.type': 'handshake',
  'tls.alert_message': 'alert',
  'tls.change_cipher_spec': 'change_cipher_spec',
  'tls.app_data': 'application_data',
};

/** With checksums looked at, and long chains taken. */
const strictly = ['tcp.check_checksum:TRUE', 'ip.check_checksum:TRUE', 'gui.max_tree_depth:10000'].flatMap((preference) => [
  '-o',
  preference,
]);
