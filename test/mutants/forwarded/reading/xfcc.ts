import { Malformed } from './header-lines.ts';

/** One element of Envoy's header: the values of each key, unquoted, the keys in lower case. */
export type XfccElement = ReadonlyMap<string, readonly string[]>;

/** The elements, as Envoy reads them: separators count outside of quotes, where a backslash keeps the character behind it. */
export function xfccElements(header: string): XfccElement[] {
  return split(header, ',').map((element) => {
    const values = new Map<string, string[]>();
    for (const pair of split(element, ';')) {
      const end = pair.indexOf('=');
      if (end < 1) throw new Malformed('a part without key');
      const key = pair.slice(0, end).toLowerCase();
      values.set(key, [...(values.get(key) ?? []), unquoted(pair.slice(end + 1))]);
    }
    return values;
  });
}

/** The one value of a key; undefined where it has none, or an empty one. */
export function valueOf(element: XfccElement, key: string): string | undefined {
  const [value, ...others] = element.get(key) ?? [];
  if (others.length > 0) throw new Malformed(`${key} came twice`);
  return value === '' ? undefined : value;
}

function split(text: string, separator: string): string[] {
  const parts = [''];
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    const piece = isQuoted && character === '\\' ? character + text.charAt(++index) : character;
    if (piece === '"') isQuoted = !isQuoted;
    if (piece === separator && !isQuoted) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${piece}`);
  }
  if (isQuoted) throw new Malformed('a quote that does not end');
  return parts;
}

function unquoted(value: string): string {
  if (!value.includes('"')) return value;
  const [, inner] = /^"((?:[^"\\]|\\.)*)"$/su.exec(value) ?? [];
  if (inner === undefined) throw new Malformed('text beside quotes');
  return inner.replaceAll(/\\(["\\])/gu, '$1');
}
