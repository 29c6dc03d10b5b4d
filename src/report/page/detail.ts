import { chainOf } from './certificates.ts';
import type { PageResult } from './data.ts';
import { type Content, make } from './dom.ts';

/** What the dialog shows of a result. */
export function detailOf(result: PageResult): Element[] {
  const { title, meaning, facts, links, transcript, chains, startedAt } = result;
  return [
    make('p', { class: 'lead' }, title),
    ...(meaning === undefined ? [] : [make('p', { class: 'meaning' }, make('b', {}, 'What it means: '), meaning)]),
    make(
      'dl',
      { class: 'facts' },
      facts.map(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]),
      links.length === 0 ? [] : [make('dt', {}, 'References'), make('dd', {}, linked(links))],
    ),
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

function linked(links: PageResult['links']): Content {
  return links.map(([text, url], index) => [
    index === 0 ? '' : '; ',
    url === undefined ? text : make('a', { href: url, target: '_blank', rel: 'noreferrer' }, text),
  ]);
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
