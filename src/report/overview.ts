import { comparisonParts, comparisonText } from './facts/baseline.ts';
import { meaningOf, rankOf, severityOf } from './facts/finding.ts';
import { html, type Html } from './html.ts';
import { addressOf } from './page/address.ts';
import type { ComparedResult, Report, ReportTarget } from './report.ts';
import { moment, resultName, runtimeText, shortCommit, shortMessage, statusOrder, statusSigns, statusWords, targetTitle } from './words.ts';

/** The run in one line, and in another how it differs from an earlier one. */
export function summary({ summary: line, comparison }: Report): Html | readonly Html[] {
  const change = comparison ? html`<span>Compared with ${earlierRun(comparison)}: ${comparisonText(comparison)}.</span>` : [];
  return html`${line} ${change}`;
}

/** When, of what and with which versions it was run. */
export function when({ startedAt, durationMs, origin, runtimes }: Report): readonly Html[] {
  const { commit, branch, ci } = origin;
  const job = [ci?.service, ci?.job].filter(Boolean).join(': ');
  const parts = [
    html`${moment(startedAt)}`,
    html`${seconds(durationMs)}`,
    ...(commit === undefined ? [] : [html`commit <code title="${commit}">${shortCommit(commit)}</code>`]),
    ...(branch === undefined ? [] : [html`branch ${branch}`]),
    ...(job === '' ? [] : [ci?.url === undefined ? html`${job}` : html`<a href="${ci.url}" target="_blank" rel="noreferrer">${job}</a>`]),
    ...runtimes.map((runtime) => html`${runtimeText(runtime)}`),
  ];
  return parts.map((part, index) => (index === 0 ? part : html` · ${part}`));
}

/** A target with its counts. */
export function targetTile(target: ReportTarget): Html {
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

/** The unexpected results, above everything else and the worst first. */
export function attention({ targets }: Report): Html | readonly Html[] {
  const entries = targets
    .flatMap((target, index) =>
      target.results.flatMap((result, place) => (result.status === 'unexpected' ? [{ target, index, result, place }] : [])),
    )
    .toSorted((one, other) => rankOf(one.result) - rankOf(other.result));
  if (entries.length === 0) return [];
  return html`<section class="attention" aria-labelledby="attention">
    <h2 id="attention">Unexpected</h2>
    <ul>
      ${entries.slice(0, mostEntries).map(({ target, index, result, place }) => {
        const severity = severityOf(result);
        return html`<li>
          <div>
            <button type="button" class="open" data-at="${index} ${place}" aria-haspopup="dialog">
              <i aria-hidden="true">✗</i> <code>${resultName(result)}</code>
              <small>${targetTitle(target)}, ${result.version.replace('TLSv', 'TLS ')}</small>
            </button>
            ${severity === undefined ? [] : html`<b class="severity ${severity}">${severity}</b>`}
          </div>
          <span>${meaningOf(target, result) ?? shortMessage(result)}</span>
        </li>`;
      })}
    </ul>
    ${entries.length > mostEntries ? html`<p>and ${entries.length - mostEntries} more in the table</p>` : []}
  </section>`;
}

/** What changed since the earlier run, each with a link to its cell. */
export function changes({ comparison }: Report): Html | readonly Html[] {
  if (!comparison) return [];
  const parts = comparisonParts.filter(({ member }) => comparison[member].length > 0);
  if (parts.length === 0) return [];
  return html`<section class="changes" aria-labelledby="changes">
    <h2 id="changes">Since ${earlierRun(comparison)}</h2>
    ${parts.map(({ member, word }) => {
      const list = comparison[member];
      return html`<details${member === 'newlyFailing' ? html` open` : []}>
        <summary>${list.length} ${word}</summary>
        <ul>
          ${list.slice(0, mostChanges).map((each) => html`<li>${changed(each)}</li>`)}
          ${list.length > mostChanges ? html`<li>and ${list.length - mostChanges} more, which the JSON file lists</li>` : []}
        </ul>
      </details>`;
    })}
  </section>`;
}

function changed({ key, before, now }: ComparedResult): Html {
  const name = key.replace(/^[a-z]+:/u, '');
  const change = [before, now].flatMap((status) => (status === undefined ? [] : [statusWords[status]])).join(', now ');
  return html`${now === undefined ? html`${name}` : html`<a href="${addressOf({ cell: key })}">${name}</a>`} <small>${change}</small>`;
}

function earlierRun({ startedAt, commit }: NonNullable<Report['comparison']>): string {
  return `the run of ${moment(startedAt)}${commit === undefined ? '' : ` (${shortCommit(commit)})`}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

const mostEntries = 6;
const mostChanges = 40;
