import type { PageData } from './data.ts';

// Data becomes text nodes and nothing else: no string is parsed as markup.

/** What the reporter hands to the page. */
export const data: PageData = JSON.parse(byId('report', HTMLScriptElement).textContent);

const deceptive = new RegExp(data.deceptive, 'gu');

/** What an element can hold. */
export type Content = string | Node | readonly Content[];

/** An element with attributes and content. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
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

/** The element of this id, which the page has. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.querySelector(`#${id}`);
  if (element instanceof kind) return element;
  throw new TypeError(`the page has no such element: ${id}`);
}
