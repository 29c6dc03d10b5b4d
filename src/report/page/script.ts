import type { PageCertificate, PageChain, PageData, PageResult } from './data.ts';

// What the page does: filters, the dialog with the details of one result, arrow keys. Data becomes text nodes and nothing else: no string is parsed as markup.

const data: PageData = JSON.parse(byId('report', HTMLScriptElement).textContent);
const deceptive = new RegExp(data.deceptive, 'gu');
const cells = [...document.querySelectorAll<HTMLButtonElement>('button.cell')];
const rows = [...new Set(cells.map((cell) => cell.closest('tr')))].filter((row) => row !== null);
const dialog = byId('detail', HTMLDialogElement);
const fitting = new Set<HTMLButtonElement>();
let current: HTMLButtonElement | undefined;

filterCells(); // a browser may have kept what was typed before a reload
const form = document.querySelector('.filters');
form?.addEventListener('input', filterCells);
form?.addEventListener('submit', (event) => event.preventDefault());
form?.addEventListener('reset', () => setTimeout(filterCells)); // the fields are empty only after the event
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-at]') : null;
  if (button) openDetail(button);
  if (target === dialog) dialog.close(); // its backdrop
});
document.addEventListener('keydown', moveByArrow);
byId('previous', HTMLButtonElement).addEventListener('click', () => openDetail(neighbors().before));
byId('next', HTMLButtonElement).addEventListener('click', () => openDetail(neighbors().after));
byId('close', HTMLButtonElement).addEventListener('click', () => dialog.close());
dialog.addEventListener('close', () => current?.focus());

function filterCells(): void {
  const words = byId('by-text', HTMLInputElement).value.toLowerCase().split(/\s+/u).filter(Boolean);
  const [status, group, tier, role] = ['status', 'group', 'tier', 'role'].map((key) => byId(`by-${key}`, HTMLSelectElement).value);
  fitting.clear();
  for (const cell of cells) {
    const { target, result } = resultAt(cell);
    const given = [
      [status, result.status],
      [group, result.group],
      [tier, result.tier],
      [role, target.underTest],
    ];
    const fits =
      given.every(([wanted, value]) => wanted === '' || wanted === value) && words.every((word) => result.searched.includes(word));
    if (fits) fitting.add(cell);
    cell.classList.toggle('dim', !fits);
  }
  const shown = new Set([...fitting].map((button) => button.closest('tr')));
  for (const row of rows) row.hidden = !shown.has(row);
  for (const body of document.querySelectorAll('tbody')) body.hidden = !body.querySelector('tr:not(.group):not([hidden])');
  for (const section of document.querySelectorAll<HTMLElement>('.matrix')) section.hidden = !section.querySelector('tbody:not([hidden])');
  byId('nothing', HTMLElement).hidden = fitting.size > 0;
  byId('count', HTMLElement).textContent = `${fitting.size} of ${cells.length} results`;
}

function openDetail(button: HTMLButtonElement | undefined): void {
  if (!button) return;
  current = button;
  const { target, result } = resultAt(button);
  const { status, heading, version } = result;
  byId('detail-title', HTMLElement).replaceChildren(
    make('span', { class: `pill ${status}` }, `${data.signs[status]} ${data.words[status]}`),
    ' ',
    make('code', {}, heading),
    ' ',
    make('small', {}, `${target.title}, ${version}`),
  );
  const body = byId('detail-body', HTMLElement);
  body.replaceChildren(...detailOf(result));
  body.scrollTop = 0;
  const { before, after } = neighbors();
  byId('previous', HTMLButtonElement).disabled = !before;
  byId('next', HTMLButtonElement).disabled = !after;
  if (!dialog.open) dialog.showModal();
  byId('detail-title', HTMLElement).focus();
}

/** The cells before and after the one that is open, of those that fit the filters. */
function neighbors(): { readonly before?: HTMLButtonElement | undefined; readonly after?: HTMLButtonElement | undefined } {
  const buttons = [...fitting];
  const at = buttons.findIndex((button) => button.dataset['at'] === current?.dataset['at']);
  return at === -1 ? {} : { before: buttons[at - 1], after: buttons[at + 1] };
}

function moveByArrow(event: KeyboardEvent): void {
  const from = event.target instanceof Element ? event.target.closest('button.cell')?.closest('td') : null;
  const step = steps[event.key];
  if (!from || !step || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const way = step.across ? [...(from.closest('tr')?.cells ?? [])] : columnOf(from);
  const ahead = step.forward ? way.slice(way.indexOf(from) + 1) : way.slice(0, way.indexOf(from)).toReversed();
  const next = ahead.find((cell) => cell.offsetParent !== null && cell.querySelector('button'));
  next?.querySelector('button')?.focus();
}

function columnOf(cell: HTMLTableCellElement): HTMLTableCellElement[] {
  return [...(cell.closest('table')?.rows ?? [])].flatMap((row) => row.cells[cell.cellIndex] ?? []);
}

function detailOf({ title, facts, transcript, chains, startedAt }: PageResult): Element[] {
  return [
    make('p', { class: 'lead' }, title),
    make('dl', { class: 'facts' }, facts.map(factOf)),
    transcript === undefined
      ? make('p', { class: 'quiet' }, 'No handshake was observed here.')
      : make('section', {}, make('h3', {}, 'What happened'), ladderOf(transcript)),
    ...(chains
      ? [
          make(
            'section',
            { class: 'chains' },
            chains.map((chain) => chainOf(chain, Date.parse(startedAt ?? ''))),
          ),
        ]
      : []),
  ];
}

function factOf([name, value]: readonly [string, string]): Element[] {
  return [make('dt', {}, name), make('dd', {}, value)];
}

function ladderOf(transcript: string): Element {
  const lines = transcript.split('\n').map((line, index) => make('span', { class: kindOf(line, index) }, `${line}\n`));
  return make('pre', { tabindex: '0', role: 'region', 'aria-label': 'The handshake, message by message' }, lines);
}

function kindOf(line: string, index: number): string {
  if (index === 0) return 'verdict';
  if (line.startsWith('>')) return 'decisive';
  if (/ {3}<-- \S/u.test(line)) return 'fault';
  return /^ {2}next /u.test(line) ? 'hint' : '';
}

function chainOf({ heading, note, links }: PageChain, time: number): Element {
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
    make('dl', {}, facts.map(factOf)),
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

function resultAt(button: HTMLElement): { readonly target: PageData['targets'][number]; readonly result: PageResult } {
  const [at = -1, place = -1] = button.dataset['at']?.split(' ').map(Number) ?? [];
  const target = data.targets[at];
  const result = target?.results[place];
  if (!target || !result) throw new TypeError(`there is no result at "${button.dataset['at']}"`);
  return { target, result };
}

type Content = string | Node | readonly Content[];

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>>,
  ...content: readonly Content[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content.flatMap(nodesOf));
  return element;
}

function nodesOf(content: Content): (string | Node)[] {
  if (typeof content === 'string') return [content.replace(deceptive, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`)];
  return content instanceof Node ? [content] : content.flatMap(nodesOf);
}

function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.querySelector(`#${id}`);
  if (element instanceof kind) return element;
  throw new TypeError(`the page has no such element: ${id}`);
}

const steps: Readonly<Record<string, { readonly across: boolean; readonly forward: boolean }>> = {
  ArrowLeft: { across: true, forward: false },
  ArrowRight: { across: true, forward: true },
  ArrowUp: { across: false, forward: false },
  ArrowDown: { across: false, forward: true },
};

/** Milliseconds. */
const units = [
  ['years', 31_557_600_000],
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
] as const;
