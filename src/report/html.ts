import { createHash } from 'node:crypto';
import { visible } from './words.ts';

/** Markup that is safe to put into a page. */
export interface Html {
  readonly markup: string;
}

/** A template whose values are escaped, unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly (string | number | Html | readonly Html[])[]): Html {
  return { markup: strings.reduce((done, text, index) => done + markupOf(values[index - 1] ?? '') + text) };
}

/** A script or a style as an element, whose hash the page's policy names. */
export function inlineElement(tag: 'script' | 'style', text: string): { readonly element: Html; readonly source: string } {
  if (text.toLowerCase().includes(`</${tag}`)) throw new TypeError(`a ${tag} may not end itself`); // ours, never data
  const hash = createHash('sha256').update(text).digest('base64');
  return { element: { markup: `<${tag}>${text}</${tag}>` }, source: `'sha256-${hash}'` };
}

/** Data for a script: a block that is not run, and that nothing within it can end. */
export function dataElement(id: string, data: unknown): Html {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return { markup: `<script type="application/json" id="${id}">${json}</script>` };
}

function markupOf(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'string' || typeof value === 'number') return escape(visible(String(value)));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (letter) => `&#${letter.codePointAt(0) ?? 0};`);
}
