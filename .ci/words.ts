// Finds the words that this project does not use: `npm run lint` runs it over sources, documentation and the names of tests.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

interface Unused {
  /** Without word boundaries, which both ends get. */
  readonly pattern: string;
  readonly instead: string;
}

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly word: string;
  readonly instead: string;
}

/** Literary words, and British spelling: names and texts are plain technical English in American spelling. */
const unused: readonly Unused[] = [
  { pattern: 'strangers?', instead: 'self-signed or untrusted identity, unknown client' },
  { pattern: 'goodbyes?', instead: 'close_notify' },
  { pattern: 'spoil(?:s|ed|ing|er|t)?', instead: 'corrupt, alter' },
  { pattern: 'mend(?:s|ed|ing)?', instead: 'fix, control' },
  { pattern: 'stor(?:y|ies)', instead: 'transcript, explanation' },
  { pattern: 'doors?', instead: 'entry point' },
  { pattern: 'weigh(?:s|ed|ing)?', instead: 'assess' },
  { pattern: 'play(?:s|ed|ing)?', instead: 'run' },
  { pattern: 'sh(?:ake|akes|aking|ook) hands', instead: 'perform a handshake' },
  { pattern: 'staircase', instead: 'guide' },
  { pattern: '(?:no|every|some|any)body', instead: 'no client, every client, a caller, which one' },
  { pattern: 'whom', instead: 'which; name the thing' },
  { pattern: 'spelt', instead: 'spelled' },
  { pattern: '(?:is|was) the matter', instead: 'name the fault' },
  { pattern: 'so many', instead: 'N, the number of' },
  { pattern: 'tells? of', instead: 'reports' },
  { pattern: 'genuine', instead: 'real, unmodified' },
  { pattern: 'nought|aught', instead: '0, nothing' },
  { pattern: '(?<!there |There )is no (?!longer|more)\\w+', instead: 'is not a ...' },
  { pattern: '\\w*colour\\w*', instead: 'color' },
  { pattern: '\\w*authoris\\w*', instead: 'authoriz...' },
  { pattern: '\\w*behaviour\\w*', instead: 'behavior' },
];

/** Where one of these words is meant: a proper name, a quotation, the words of a protocol. */
const exceptions: readonly { readonly file: RegExp; readonly text: RegExp; readonly why: string }[] = [
  { file: /(?:^|\/)words(?:\.test)?\.ts$/u, text: /./u, why: 'the list itself' },
];

const root = fileURLToPath(new URL('..', import.meta.url));

/** The words in a text that are not used here, in order. */
export function findWords(file: string, text: string): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const read = file.startsWith('test/') && file.endsWith('.ts') ? titleIn(line) : line;
    if (exceptions.some((exception) => exception.file.test(file) && exception.text.test(line))) return [];
    return unused
      .flatMap(({ pattern, instead }) => [...read.matchAll(new RegExp(`\\b(?:${pattern})\\b`, 'giu'))].map((match) => ({ match, instead })))
      .toSorted((one, other) => one.match.index - other.match.index)
      .map(({ match: [word], instead }) => ({ file, line: index + 1, word, instead }));
  });
}

/** Of a line of a test file its titles alone: what a case is called is data of the case. */
function titleIn(line: string): string {
  const { title = '' } =
    /(?:\b(?:test|it|describe)(?:\.\w+)*\(|\)\()(?<quote>['"`])(?<title>.*?)\k<quote>(?:,|$)/u.exec(line)?.groups ?? {};
  return title;
}

function filesToRead(): string[] {
  return [
    ...globSync(['src/**/*.{ts,html,css}', 'docs/**/*.md', 'test/**/*.ts', '*.md', '.ci/*.ts', '.ci/{audit,engine,nodes,run,runtimes/*}'], {
      cwd: root,
      exclude: ['test/meta/api/**'],
    }),
  ].toSorted();
}

function main(): void {
  const found = filesToRead().flatMap((file) => findWords(file, readFileSync(path.join(root, file), 'utf8')));
  for (const { file, line, word, instead } of found)
    process.stderr.write(`${file}:${line}: "${word}" is not used here; write ${instead}\n`);
  if (found.length > 0) process.exitCode = 1;
}

if (import.meta.main) main();
