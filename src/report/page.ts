import { dataElement, fillTemplate, html, type Html, inlined } from './html.ts';
import { matrices } from './matrix.ts';
import { pageData } from './page-data.ts';
import { linkedSources, pageTemplate } from './page-sources.ts';
import type { Report, ReportCounts, ReportTarget } from './report.ts';
import { shortMessage, statusOrder, statusSigns, statusWords, targetTitle } from './words.ts';

/** The whole page: it loads nothing, and its policy allows only what is in it to be loaded or run. */
export function reportPage(report: Report): string {
  const linked = Object.entries(linkedSources).map(([name, text]) => inlined(name, text));
  const hashesOf = (kind: 'style' | 'script'): string => linked.flatMap(({ tag, hash }) => (tag === kind ? hash : [])).join(' ');
  const { markup } = fillTemplate(pageTemplate, {
    styles: hashesOf('style'),
    scripts: hashesOf('script'),
    headline: headline(report.counts),
    time: moment(report.startedAt),
    duration: seconds(report.durationMs),
    interrupted: report.interrupted ? html`<p class="notice">The run was interrupted: results are missing.</p>` : [],
    targets: report.targets.map(targetTile),
    attention: attention(report),
    filters: filters(report),
    matrices: matrices(report),
    data: dataElement('report', pageData(report)),
  });
  return linked.reduce(withElement, markup);
}

function withElement(page: string, { link, element }: { readonly link: string; readonly element: string }): string {
  if (!page.includes(link)) throw new TypeError(`the template has no ${link}`); // ours, never data
  return page.replace(link, () => element);
}

function headline(counts: ReportCounts): string {
  const shown = statusOrder.filter((status) => status !== 'as-expected' && counts[status] > 0);
  const judged = counts['as-expected'] + counts.unexpected;
  return [`${counts['as-expected']} of ${judged} as expected`, ...shown.map((status) => `${counts[status]} ${statusWords[status]}`)].join(
    ', ',
  );
}

function targetTile(target: ReportTarget): Html {
  const { underTest, file, counts } = target;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  let x = 0;
  const bars = statusOrder.map((status) => {
    const width = (counts[status] / total) * 1000;
    const bar = html`<rect class="${status}" x="${x.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="8"></rect>`;
    x += width;
    return bar;
  });
  const shown = statusOrder.filter((status) => counts[status] > 0);
  return html`<li>
    <h3>${targetTitle(target)}</h3>
    <p class="where">${underTest} · ${file}</p>
    <svg viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>
    <p class="counts">
      ${shown.map((status) => html`<span class="${status}"><i aria-hidden="true">${statusSigns[status]}</i> ${counts[status]} ${statusWords[status]}</span> `)}
    </p>
  </li>`;
}

/** The unexpected results, above everything else. */
function attention({ targets }: Report): Html | readonly Html[] {
  const entries = targets.flatMap((target, index) =>
    target.results.flatMap((result, place) => (result.status === 'unexpected' ? [{ target, index, result, place }] : [])),
  );
  if (entries.length === 0) return [];
  return html`<section class="attention" aria-labelledby="attention">
    <h2 id="attention">Unexpected</h2>
    <ul>
      ${entries.slice(0, mostEntries).map(({ target, index, result, place }) => {
        const { id, version, kind } = result;
        const name = kind === 'last-control' ? 'control at the end' : id;
        return html`<li>
          <button type="button" class="open" data-at="${index} ${place}" aria-haspopup="dialog">
            <i aria-hidden="true">✗</i> <code>${name}</code> <small>${targetTitle(target)}, ${version.replace('TLSv', 'TLS ')}</small>
          </button>
          <span>${shortMessage(result)}</span>
        </li>`;
      })}
    </ul>
    ${entries.length > mostEntries ? html`<p>and ${entries.length - mostEntries} more in the table</p>` : []}
  </section>`;
}

function filters({ targets }: Report): Html {
  const results = targets.flatMap((target) =>
    target.results.map(({ group, tier, status }) => ({ group, tier, status, role: target.underTest })),
  );
  const chooser = (key: 'status' | 'group' | 'tier' | 'role', heading: string): Html => {
    const values = [...new Set(results.map((result) => result[key]))];
    const options = values.map(
      (value) => html`<option value="${value}">${key === 'status' ? statusWords[value as keyof typeof statusWords] : value}</option>`,
    ); // of that key
    return html`<span>
      <label for="by-${key}">${heading}</label>
      <select id="by-${key}">
        <option value="">all</option>
        ${options}
      </select>
    </span>`;
  };
  return html`<form class="filters" role="search" aria-label="Filter the results">
    <span class="text">
      <label for="by-text">Find</label>
      <input id="by-text" type="search" autocomplete="off" spellcheck="false" placeholder="scenario, reason, alert" />
    </span>
    ${chooser('status', 'Status')} ${chooser('group', 'Group')} ${chooser('tier', 'Tier')} ${chooser('role', 'Role')}
    <button type="reset">Clear</button>
    <p role="status" id="count">${results.length} of ${results.length} results</p>
  </form>`;
}

function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

const mostEntries = 6;
