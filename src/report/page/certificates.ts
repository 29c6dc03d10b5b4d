import type { PageCertificate, PageChain } from './data.ts';
import { type Content, data, make } from './dom.ts';

/** What one end presented: each certificate within what its issuer has issued, with its validity at the time of the handshake. */
export function chainOf({ heading, note, links }: PageChain, time: number): Element {
  const certificates = links
    .map((link) => (typeof link === 'string' ? data.certificates[link] : link))
    .filter((link) => link !== undefined);
  return make('div', {}, make('h3', {}, heading), make('p', { class: 'quiet' }, note), treeOf(certificates, time));
}

/** The issuer within what it has issued. */
function treeOf([link, ...above]: readonly (PageCertificate | { readonly unreadableBytes: number })[], time: number, depth = 0): Content {
  if (!link) return [];
  if ('unreadableBytes' in link) {
    const note = `${link.unreadableBytes} bytes that cannot be read as a certificate`;
    return make('ul', { class: 'tree' }, make('li', {}, make('p', { class: 'quiet' }, note), treeOf(above, time, depth + 1)));
  }
  const [next] = above;
  const isIssuedByNext = next && ('unreadableBytes' in next || next.subject === link.issuer);
  const isComplete = next ? isIssuedByNext : link.issuer === link.subject;
  const note = `issued by ${link.issuer}, ${next ? 'which is not the next one' : 'not presented'}`;
  return make(
    'ul',
    { class: 'tree' },
    make('li', {}, certificateOf(link, time, depth), isComplete ? [] : make('p', { class: 'quiet' }, note), treeOf(above, time, depth + 1)),
  );
}

function certificateOf(certificate: PageCertificate, time: number, depth: number): Element {
  const { subject, flags, facts } = certificate;
  const { wrong } = validityOf(certificate, time);
  return make(
    'details',
    depth === 0 ? { open: '' } : {},
    make(
      'summary',
      {},
      make('b', {}, subject || 'empty subject'),
      flags.map((flag) => [' ', make('small', {}, flag)]),
      wrong === '' ? [] : [' ', make('small', { class: 'wrong' }, wrong)],
    ),
    barOf(certificate, time),
    make(
      'dl',
      {},
      facts.map(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]),
    ),
  );
}

/** A line from the beginning of the validity to its end, with the time of the handshake on it. */
function barOf(certificate: PageCertificate, time: number): Element {
  const { from, to, note, wrong } = validityOf(certificate, time);
  const [first, last] = [Math.min(from, to, time), Math.max(from, to, time)];
  const at = (moment: number): number => 3 + 94 * (last === first ? 0.5 : (moment - first) / (last - first));
  const [start, end] = [at(Math.min(from, to)), at(Math.max(from, to))];
  const period = make('span', { class: wrong === '' ? 'period' : 'period wrong' });
  period.style.left = `${start}%`;
  period.style.width = `${Math.max(0.6, end - start)}%`;
  const mark = make('span', { class: 'now' });
  mark.style.left = `${at(time)}%`;
  return make(
    'div',
    { class: 'validity' },
    make('div', { class: 'line', 'aria-hidden': 'true' }, period, mark),
    make('p', {}, `${momentOf(from)} to ${momentOf(to)}, `, make('b', {}, note)),
  );
}

function validityOf({ notBefore, notAfter }: PageCertificate, time: number): Validity {
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)];
  if (to < time) return { from, to, note: `expired ${spanOf(time - to)} before`, wrong: 'expired' };
  if (from > time) return { from, to, note: `begins ${spanOf(from - time)} later`, wrong: 'not yet valid' };
  return { from, to, note: `valid for another ${spanOf(to - time)}`, wrong: '' };
}

interface Validity {
  readonly from: number;
  readonly to: number;
  readonly note: string;
  /** Empty where it was valid. */
  readonly wrong: string;
}

function momentOf(time: number): string {
  return new Date(time)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/u, ' UTC');
}

function spanOf(milliseconds: number): string {
  const [unit, length] = units.find(([, of]) => milliseconds >= 2 * of) ?? [];
  return length === undefined ? `${(milliseconds / 1000).toFixed(1)} seconds` : `${Math.floor(milliseconds / length)} ${unit}`;
}

/** Milliseconds. */
const units = [
  ['years', 31_557_600_000],
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
] as const;
