import { html, type Html } from './html.ts';
import type { Report, ReportResult, ReportTarget } from './report.ts';
import { outcomeWord, statusSigns, statusWords, targetTitle } from './words.ts';

/** A table for each role: scenarios by group down, targets and versions of TLS across. */
export function matrices({ targets }: Report): readonly Html[] {
  return roles.flatMap(({ role, heading, caption }) => {
    const columns = targets.flatMap((target, index) =>
      target.underTest === role ? target.versions.map((version): Column => ({ target, index, version })) : [],
    );
    if (columns.length === 0) return [];
    const groups = Map.groupBy(rowsOf(columns), ({ group }) => group);
    const ordered = [...groups].toSorted(([one], [other]) => placeOf(one) - placeOf(other));
    return [
      html`<section class="matrix" data-role="${role}" aria-labelledby="${role}s">
        <h2 id="${role}s">${heading}</h2>
        <div class="scroll${columns.length > 6 ? ' wide' : ''}" role="region" aria-labelledby="${role}s" tabindex="0">
          <table>
            <caption class="unseen">
              ${caption}
            </caption>
            ${head(columns)} ${ordered.map(([group, rows]) => body(group, rows, columns))}
          </table>
        </div>
      </section>`,
    ];
  });
}

/** One target with one version. */
interface Column {
  readonly target: ReportTarget;
  /** Its place in the report. */
  readonly index: number;
  readonly version: ReportResult['version'];
}

interface Row {
  readonly group: string;
  readonly result: ReportResult;
  /** By the column: the place of the result in its target. */
  readonly places: ReadonlyMap<Column, number>;
}

/** In the order in which they first occur: that of the catalogue. */
function rowsOf(columns: readonly Column[]): Row[] {
  const rows = new Map<string, { readonly group: string; readonly result: ReportResult; readonly places: Map<Column, number> }>();
  for (const column of columns)
    for (const [place, result] of column.target.results.entries()) {
      if (result.version !== column.version) continue;
      const key = `${result.kind} ${result.id}`;
      const group = result.kind === 'last-control' ? 'controls at the end' : result.group;
      const row = rows.get(key) ?? { group, result, places: new Map<Column, number>() };
      rows.set(key, row);
      row.places.set(column, place);
    }
  return [...rows.values()];
}

function head(columns: readonly Column[]): Html {
  const targets = Map.groupBy(columns, ({ target }) => target);
  return html`<thead>
    <tr>
      <th scope="col" rowspan="2" class="corner">Scenario</th>
      ${[...targets].map(([target, own]) => html`<th scope="colgroup" colspan="${own.length}" title="${target.file}">${targetTitle(target)}</th>`)}
    </tr>
    <tr>
      ${columns.map(({ version }) => html`<th scope="col">${version.replace('TLSv', 'TLS ')}</th>`)}
    </tr>
  </thead>`;
}

function body(group: string, rows: readonly Row[], columns: readonly Column[]): Html {
  return html`<tbody>
    <tr class="group">
      <th scope="rowgroup" colspan="${columns.length + 1}"><span>${group}</span></th>
    </tr>
    ${rows.map((row) => tableRow(row, columns))}
  </tbody>`;
}

function tableRow({ result, places }: Row, columns: readonly Column[]): Html {
  const { kind, id, title, tier } = result;
  const name = kind === 'scenario' ? html`<code>${id}</code>${tier === 'core' ? [] : html` <small>${tier}</small>`}` : [];
  return html`<tr>
    <th scope="row">${name}<span class="title">${title}</span></th>
    ${columns.map((column) => cell(column, places.get(column)))}
  </tr>`;
}

function cell({ target, index, version }: Column, place: number | undefined): Html {
  const result = place === undefined ? undefined : target.results[place];
  if (!result || place === undefined)
    return html`<td><span class="none" aria-hidden="true">·</span><span class="unseen">not run</span></td>`;
  const { status, id, handshake } = result;
  const word = outcomeWord(result);
  const detail = status === 'as-expected' && handshake?.reason !== undefined ? ` (${handshake.reason})` : '';
  const name = `${id}, ${targetTitle(target)}, ${version.replace('TLSv', 'TLS ')}`;
  return html`<td>${cellButton({ at: `${index} ${place}`, status, word, name, detail })}</td>`;
}

/** A button that opens the detail of a result. */
export function cellButton({ at, status, word, name, detail = '' }: Cell): Html {
  const outcome = word === statusWords[status] ? word : `${word}, ${statusWords[status]}`;
  return html`<button
    type="button"
    class="cell ${status}"
    data-at="${at}"
    aria-haspopup="dialog"
    aria-label="${`${outcome}: ${name}`}"
    title="${`${statusWords[status]}${detail}`}"
  >
    <i aria-hidden="true">${statusSigns[status]}</i>${word}
  </button>`;
}

interface Cell {
  /** The places of the target and of the result in it. */
  readonly at: string;
  readonly status: ReportResult['status'];
  /** The outcome, in a word or two. */
  readonly word: string;
  /** What it is the result of. */
  readonly name: string;
  readonly detail?: string;
}

function placeOf(group: string): number {
  const place = groupOrder.indexOf(group);
  return place === -1 ? groupOrder.length - 1.5 : place;
}

const groupOrder = ['controls', 'trust', 'time', 'names', 'usage', 'crypto', 'revocation', 'encoding', 'protocol', 'controls at the end'];

const roles = [
  { role: 'server', heading: 'Servers under test', caption: 'The outcome of each client at each server' },
  { role: 'client', heading: 'Clients under test', caption: 'The outcome of each server at each client' },
] as const;
