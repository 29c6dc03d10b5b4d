/** What an address of the page shows, after its `#`: the filters by their names, and the cell that is open. */
export type PageState = Readonly<Record<string, string>>;

/** The part of an address from its `#`; `#` alone where nothing is filtered and nothing open. */
export function addressOf(state: PageState): string {
  const parts = Object.entries(state).filter(([, value]) => value !== '');
  return `#${parts.map(([name, value]) => `${name}=${readable(encodeURIComponent(value))}`).join('&')}`;
}

/** The state of an address; undefined where it names a place on the page, as the link that skips to the results does. */
export function stateIn(address: string): PageState | undefined {
  const text = address.replace(/^#/u, '');
  return text !== '' && !text.includes('=') ? undefined : Object.fromEntries(new URLSearchParams(text));
}

/** What means nothing after `#` need not be escaped. */
function readable(escaped: string): string {
  return escaped.replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%20', '+');
}
