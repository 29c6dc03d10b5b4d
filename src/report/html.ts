import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { visible } from './words.ts';

/** Markup that is safe to put into a page. */
export interface Html {
  readonly markup: string;
}

/** What may stand in a template: text is escaped, markup is not. */
type HtmlValue = string | number | Html | readonly Html[];

/** A template whose values are escaped, unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { markup: strings.reduce((done, text, index) => done + markupOf(values[index - 1] ?? '') + text) };
}

/** A template from a file, in which `{{name}}` stands for a value. */
export function fillTemplate(template: string, values: Readonly<Record<string, HtmlValue>>): Html {
  return {
    markup: template.replaceAll(/\{\{(\w+)\}\}/gu, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new TypeError(`the template has no value for ${name}`); // ours, never data
      return markupOf(value);
    }),
  };
}

/** A style or a script in place of the link to its file, with the hash that the page's policy names. */
export function inlined(name: string, text: string): Inlined {
  const tag = name.endsWith('.css') ? 'style' : 'script';
  if (text.toLowerCase().includes(`</${tag}`)) throw new TypeError(`a ${tag} must not contain its own end tag`); // ours, never data
  const hash = `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return tag === 'style'
    ? { tag, hash, link: `<link rel="stylesheet" href="${name}" />`, element: `<style>${text}</style>` }
    : { tag, hash, link: `<script type="module" src="${name}"></script>`, element: `<script type="module">${text}</script>` };
}

interface Inlined {
  readonly tag: 'style' | 'script';
  readonly hash: string;
  readonly link: string;
  readonly element: string;
}

/** Data for a script: a block that does not run, and that no data can end. */
export function dataElement(id: string, data: unknown): Html {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return { markup: `<script type="application/json" id="${id}">${json}</script>` };
}

/** The same, compressed: for data that few readers ask for. */
export function compressedElement(id: string, data: unknown): Html {
  return { markup: `<script type="text/plain" id="${id}">${deflateSync(JSON.stringify(data)).toString('base64')}</script>` };
}

function markupOf(value: HtmlValue): string {
  if (typeof value === 'string' || typeof value === 'number') return escape(visible(String(value)));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (letter) => `&#${letter.codePointAt(0) ?? 0};`);
}
