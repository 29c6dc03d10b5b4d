/** A ```ts block of a Markdown page, or a ```js block that says where it is from: its text, and what the comment directly above it says it is quoted from. */
interface Quotation {
  readonly language: string;
  readonly line: number;
  readonly marker: { readonly file: string; readonly region?: string } | undefined;
  readonly text: string;
}

const fence = /^(?<indent> *)```(?<language>[tj]s)\n(?<text>[\s\S]*?)^\k<indent>```$/gmu;
const anyFence = /^[ >]*(?:`{3,}|~{3,}) *(?:ts|mts|cts|tsx|typescript)\b/gimu;
const marker = /^ *<!-- from (?<file>(?:test\/examples|fixtures\/consumers)\/[^ #]+\.[cm]?[tj]s)(?:#(?<region>[^ ]+))? -->$/u;

/** What is wrong with the TypeScript of a page, a sentence each. `read` gives the text of a file, or nothing where there is none. */
export function misquotations(page: string, markdown: string, read: (file: string) => string | undefined): string[] {
  const quotations = quotationsOf(markdown);
  const fences = [...markdown.matchAll(anyFence)].length;
  const readable = quotations.filter(({ language }) => language === 'ts').length;
  if (fences !== readable) return [`${page} has ${fences} blocks of TypeScript, of which ${readable} can be read; write them as \`\`\`ts`];
  return quotations.flatMap(({ line, marker: source, text }) => {
    const place = `${page}:${line}`;
    if (!source) return [`${place} has no line <!-- from test/examples/FILE.ts#region --> directly above it`];
    const file = read(source.file);
    if (file === undefined) return [`${place} is from ${source.file}, which does not exist`];
    const original = source.region === undefined ? file : regionOf(file, source.region);
    if (original === undefined) return [`${place} is from ${source.file}, which has no region "${source.region}"`];
    if (dedent(original) !== dedent(text)) return [`${place} differs from ${[source.file, source.region].filter(Boolean).join('#')}`];
    return [];
  });
}

export function quotationsOf(markdown: string): Quotation[] {
  const blocks = [...markdown.matchAll(fence)].map(({ index, groups }) => {
    const before = markdown.slice(0, index).split('\n');
    const source = marker.exec(before.at(-2) ?? '')?.groups;
    return {
      language: groups?.['language'] ?? '',
      line: before.length,
      text: groups?.['text'] ?? '',
      marker:
        source?.['file'] === undefined
          ? undefined
          : { file: source['file'], ...(source['region'] !== undefined && { region: source['region'] }) },
    };
  });
  return blocks.filter(({ language, marker: source }) => language === 'ts' || source !== undefined);
}

/** The lines between `// #region name` and the next `// #endregion`. */
function regionOf(file: string, name: string): string | undefined {
  const lines = file.split('\n');
  const start = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const length = lines.slice(start).findIndex((line) => line.trim() === '// #endregion');
  return start === -1 || length === -1 ? undefined : lines.slice(start + 1, start + length).join('\n');
}

/** Without the indentation that all lines share and without blank lines at both ends. */
function dedent(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const indents = lines.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
  const shared = Math.min(...indents);
  return lines
    .map((line) => line.slice(shared))
    .join('\n')
    .replaceAll(/^\n+|\n+$/gu, '');
}
