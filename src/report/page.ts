import { describeOutcome } from '../scenarios/records/scenario-result.ts';
import { dataElement, html, type Html, inlineElement } from './html.ts';
import { matrices } from './matrix.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import type { Report, ReportCounts, ReportResult, ReportTarget } from './report.ts';
import { deceptive, shortMessage, statusOrder, statusSigns, statusWords, targetTitle } from './words.ts';

/** The whole page: it loads nothing, and its policy lets nothing be loaded or run but what is in it. */
export function reportPage(report: Report): string {
  const style = inlineElement('style', pageStyle);
  const script = inlineElement('script', pageScript);
  const policy = [
    "default-src 'none'",
    `style-src ${style.source}`,
    `script-src ${script.source}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="mtls-fixtures" />
        <title>Mutual TLS: ${headline(report.counts)}</title>
        <link rel="icon" href="${icon}" />
        ${style.element}
      </head>
      <body>
        <a class="skip" href="#results">Skip to the results</a>
        <header>
          <h1>Mutual TLS report</h1>
          <p class="when">${moment(report.startedAt)} · ${seconds(report.durationMs)} · ${headline(report.counts)}</p>
          ${report.interrupted ? html`<p class="notice">The run was broken off: results are missing.</p>` : []}
          <noscript><p class="notice">Filters and details need JavaScript; the table does not.</p></noscript>
        </header>
        <main>
          <section aria-labelledby="targets">
            <h2 id="targets" class="unseen">Targets</h2>
            <ul class="targets">
              ${report.targets.map(targetTile)}
            </ul>
          </section>
          ${attention(report)}
          <div id="results" tabindex="-1"></div>
          ${filters(report)} ${matrices(report)}
          <p id="nothing" class="notice" hidden>Nothing fits these filters.</p>
        </main>
        <footer>Made by mtls-fixtures. ✓ as expected, ✗ unexpected, ? not judged, – skipped.</footer>
        <dialog id="detail" aria-labelledby="detail-title">
          <div class="bar">
            <h2 id="detail-title" tabindex="-1"></h2>
            <button type="button" id="previous">Previous</button>
            <button type="button" id="next">Next</button>
            <button type="button" id="close">Close</button>
          </div>
          <div id="detail-body"></div>
        </dialog>
        ${dataElement('report', pageData(report))} ${script.element}
      </body>
    </html> `.markup;
}

/** The report, and beside each result the words that are made of it: the script makes none of its own. */
function pageData(report: Report): object {
  const targets = report.targets.map((target) => ({ ...target, called: targetTitle(target), results: target.results.map(worded) }));
  return { ...report, targets, words: statusWords, signs: statusSigns, deceptive: deceptive.source };
}

function worded(result: ReportResult): object {
  return { ...result, wanted: describeOutcome(result.expected), seen: shortMessage(result) };
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

/** What was unexpected, before everything else. */
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
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 5h10L8 2m7 9H5l3 3' fill='none' stroke='%232d7d6b' stroke-width='2'/%3E%3C/svg%3E";
