import path from 'node:path';

/** A link of a Markdown page to another place of the project. */
interface Link {
  readonly target: string;
  readonly anchor: string | undefined;
}

/** The text of a page, or `undefined` where there is no such file; of a folder or a file that is not a page any text. */
export type ReadPage = (file: string) => string | undefined;

/** What is wrong with the relative links of a page, a sentence each: files that are missing, anchors without a heading. */
export function brokenLinks(page: string, markdown: string, read: ReadPage): string[] {
  return linksOf(markdown).flatMap(({ target, anchor }) => {
    const file = target === '' ? page : path.posix.join(path.posix.dirname(page), target);
    const text = target === '' ? markdown : read(file);
    if (text === undefined) return [`${page} links to ${file}, which does not exist`];
    if (anchor !== undefined && !anchorsOf(text).includes(anchor)) return [`${page} links to ${file}#${anchor}, which has no such heading`];
    return [];
  });
}

/** The links and images of a page that lead to files or headings; not those within code. */
export function linksOf(markdown: string): readonly Link[] {
  const found = withoutCode(markdown).matchAll(/\]\((?![a-z]+:)(?<target>[^)#\s]*)(?:#(?<anchor>[^)\s]*))?\)/gu);
  return [...found].map(({ groups }) => ({ target: groups?.['target'] ?? '', anchor: groups?.['anchor'] }));
}

/** The anchors of a page's headings, as GitHub makes them: lower case, without punctuation, blanks as hyphens, numbered where they repeat. */
export function anchorsOf(markdown: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...markdown.replaceAll(fenced, '').matchAll(/^#{1,6} +(?<text>.+?) *$/gmu)].map(({ groups }) => {
    const text = (groups?.['text'] ?? '').replaceAll(/\[(?<label>[^\]]*)\]\([^)]*\)/gu, '$<label>');
    const slug = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

const fenced = /^(?<indent> *)```[\s\S]*?^\k<indent>```$/gmu;

function withoutCode(markdown: string): string {
  return markdown.replaceAll(fenced, '').replaceAll(/(?<ticks>`+)[^`\n]*\k<ticks>/gu, '``');
}
