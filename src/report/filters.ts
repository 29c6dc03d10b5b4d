import { html, type Html } from './html.ts';
import type { PageData } from './page/data.ts';
import { statusWords } from './words.ts';

/** What narrows the tables down; the names of its fields are those in the address of the page. */
export function filters({ targets }: PageData): Html {
  const results = targets.flatMap((target) => target.results.map((result) => ({ ...result, role: target.underTest })));
  const chooser = ({ key, heading }: (typeof choosers)[number]): Html | readonly Html[] => {
    const values = [...new Set(results.map((result) => result[key]))].filter((value) => value !== '');
    if (values.length === 0) return [];
    return html`<span>
      <label for="by-${key}">${heading}</label>
      <select id="by-${key}" name="${key}">
        <option value="">all</option>
        ${values.map((value) => html`<option value="${value}">${Object.hasOwn(statusWords, value) ? statusWords[value as keyof typeof statusWords] : value}</option>`)}
      </select>
    </span>`;
  };
  return html`<form id="filters" class="filters" role="search" aria-label="Filter the results">
    <span class="text">
      <label for="by-text">Find</label>
      <input id="by-text" name="find" type="search" autocomplete="off" spellcheck="false" placeholder="scenario, reason, alert" />
    </span>
    ${choosers.flatMap(chooser)}
    <button type="reset">Clear</button>
    <p role="status" id="count">${results.length} of ${results.length} results</p>
  </form>`;
}

const choosers = [
  { key: 'status', heading: 'Status' },
  { key: 'severity', heading: 'Severity' },
  { key: 'group', heading: 'Group' },
  { key: 'tier', heading: 'Tier' },
  { key: 'role', heading: 'Role' },
  { key: 'change', heading: 'Change' },
] as const;
