import { assertionTable } from './assertion-table.ts';
import { filters } from './filters.ts';
import { compressedElement, dataElement, fillTemplate, html, inlined } from './html.ts';
import { matrices } from './matrix.ts';
import { attention, changes, summary, targetTile, when } from './overview.ts';
import { pageData } from './page-data.ts';
import { linkedSources, pageTemplate } from './page-sources.ts';
import type { Report } from './report.ts';
import { countsText } from './terminal-summary.ts';

/** The whole page: it loads nothing, and its policy allows only what is in it to be loaded or run. */
export function reportPage(report: Report): string {
  const linked = Object.entries(linkedSources).map(([name, text]) => inlined(name, text));
  const hashesOf = (kind: 'style' | 'script'): string => linked.flatMap(({ tag, hash }) => (tag === kind ? hash : [])).join(' ');
  const data = pageData(report);
  const { markup } = fillTemplate(pageTemplate, {
    styles: hashesOf('style'),
    scripts: hashesOf('script'),
    headline: countsText(report.counts),
    summary: summary(report),
    when: when(report),
    interrupted: report.interrupted ? html`<p class="notice">The run was interrupted: results are missing.</p>` : [],
    targets: report.targets.map(targetTile),
    attention: attention(report),
    comparison: changes(report),
    filters: filters(data),
    matrices: matrices(report),
    assertions: assertionTable(report),
    data: dataElement('report', data),
    json: compressedElement('json', report),
  });
  return linked.reduce(withElement, markup);
}

function withElement(page: string, { link, element }: { readonly link: string; readonly element: string }): string {
  if (!page.includes(link)) throw new TypeError(`the template has no ${link}`); // ours, never data
  return page.replace(link, () => element);
}
