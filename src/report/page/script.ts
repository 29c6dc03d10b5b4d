import { addressOf, type PageState, stateIn } from './address.ts';
import type { PageData, PageResult } from './data.ts';
import { detailOf } from './detail.ts';
import { byId, data, make } from './dom.ts';
import { saveCapture, saveJson } from './downloads.ts';

// What the page does: filters, the dialog with the details of one result, arrow keys, and an address for each of these.

const cells = [...document.querySelectorAll<HTMLButtonElement>('button.cell')];
const rows = [...new Set(cells.map((cell) => cell.closest('tr')))].filter((row) => row !== null);
const dialog = byId('detail', HTMLDialogElement);
const form = byId('filters', HTMLFormElement);
const fields = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[name]')];
const fitting = new Set<HTMLButtonElement>();
let current: HTMLButtonElement | undefined;
/** The address that this script wrote last: the event of it comes later, when more may have been typed. */
let written = location.hash;

show(stateIn(location.hash) ?? {});
addEventListener('hashchange', () => {
  const state = location.hash === written ? undefined : stateIn(location.hash);
  written = location.hash;
  if (state) show(state);
});
form.addEventListener('input', ({ target }) => {
  filterCells();
  goTo(filtered(), { isStep: target instanceof HTMLSelectElement }); // a letter more in a text field is not a step to go back by
});
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () =>
  setTimeout(() => {
    filterCells(); // the fields are empty only after the event
    goTo(filtered(), { isStep: true });
  }),
);
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-at]') : null;
  if (button) openDetail(button, { isStep: true });
  if (target === dialog) dialog.close(); // its backdrop
});
document.addEventListener('keydown', moveByArrow);
new ResizeObserver(() => document.documentElement.style.setProperty('--filters', `${form.offsetHeight}px`)).observe(form); // the heads of tables stay below it
byId('previous', HTMLButtonElement).addEventListener('click', () => openDetail(neighbors().before));
byId('next', HTMLButtonElement).addEventListener('click', () => openDetail(neighbors().after));
byId('close', HTMLButtonElement).addEventListener('click', () => dialog.close());
byId('save-json', HTMLButtonElement).addEventListener('click', () => current && void saveJson(resultAt(current).result.key));
byId('save-capture', HTMLButtonElement).addEventListener('click', () => current && void saveCapture(resultAt(current).result.key));
dialog.addEventListener('close', () => {
  if (dialog.open) return; // again, before this event came
  goTo(filtered(), { isStep: true });
  current?.focus();
});

/** Makes the page show what its address says. */
function show(state: PageState): void {
  for (const field of fields) field.value = state[field.name] ?? '';
  filterCells();
  const cell = cells.find((each) => resultAt(each).result.key === state['cell']);
  if (cell) openDetail(cell);
  else if (dialog.open) dialog.close();
}

/** Puts what is shown into the address. A step is one that the browser goes back by. */
function goTo(state: PageState, { isStep = false }: { readonly isStep?: boolean } = {}): void {
  const address = addressOf(state);
  if (address === (location.hash || '#')) return;
  written = address === '#' ? '' : address;
  if (isStep) location.hash = address;
  else location.replace(address);
}

function filtered(): PageState {
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

function filterCells(): void {
  const { find = '', ...chosen } = filtered();
  const words = find.toLowerCase().split(/\s+/u).filter(Boolean);
  fitting.clear();
  for (const cell of cells) {
    const { target, result } = resultAt(cell);
    const values: Readonly<Record<string, string>> = { ...valuesOf(result), role: target.underTest };
    const fits =
      Object.entries(chosen).every(([name, wanted]) => wanted === '' || wanted === values[name]) &&
      words.every((word) => result.searched.includes(word));
    if (fits) fitting.add(cell);
    cell.classList.toggle('dim', !fits);
  }
  const shown = new Set([...fitting].map((button) => button.closest('tr')));
  for (const row of rows) row.hidden = !shown.has(row);
  for (const body of document.querySelectorAll('tbody')) body.hidden = !body.querySelector('tr:not(.group):not([hidden])');
  for (const section of document.querySelectorAll<HTMLElement>('.matrix')) section.hidden = !section.querySelector('tbody:not([hidden])');
  byId('nothing', HTMLElement).hidden = fitting.size > 0;
  byId('count', HTMLElement).textContent = `${fitting.size} of ${cells.length} results`;
}

function valuesOf({ status, group, tier, severity, change }: PageResult): Readonly<Record<string, string>> {
  return { status, group, tier, severity, change };
}

function openDetail(button: HTMLButtonElement | undefined, { isStep = false }: { readonly isStep?: boolean } = {}): void {
  if (!button) return;
  current = button;
  const { target, result } = resultAt(button);
  const { status, heading, version, key, hasCapture } = result;
  byId('detail-title', HTMLElement).replaceChildren(
    make('span', { class: `pill ${status}` }, `${data.signs[status]} ${data.words[status]}`),
    ' ',
    make('code', {}, heading),
    ' ',
    make('small', {}, [target.title, version].filter(Boolean).join(', ')),
  );
  const body = byId('detail-body', HTMLElement);
  body.replaceChildren(...detailOf(result));
  body.scrollTop = 0;
  const { before, after } = neighbors();
  byId('previous', HTMLButtonElement).disabled = !before;
  byId('next', HTMLButtonElement).disabled = !after;
  byId('save-capture', HTMLButtonElement).hidden = !hasCapture;
  byId('link', HTMLAnchorElement).href = addressOf({ cell: key });
  if (!dialog.open) dialog.showModal();
  byId('detail-title', HTMLElement).focus();
  goTo({ ...filtered(), cell: key }, { isStep });
}

/** The cells before and after the one that is open, of those that fit the filters. */
function neighbors(): { readonly before?: HTMLButtonElement | undefined; readonly after?: HTMLButtonElement | undefined } {
  const buttons = [...fitting];
  const at = buttons.findIndex((button) => button.dataset['at'] === current?.dataset['at']);
  return at === -1 ? {} : { before: buttons[at - 1], after: buttons[at + 1] };
}

function moveByArrow(event: KeyboardEvent): void {
  const from = event.target instanceof Element ? event.target.closest('button.cell')?.closest('td') : null;
  const step = steps[event.key];
  if (!from || !step || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const way = step.across ? [...(from.closest('tr')?.cells ?? [])] : columnOf(from);
  const ahead = step.forward ? way.slice(way.indexOf(from) + 1) : way.slice(0, way.indexOf(from)).toReversed();
  const next = ahead.find((cell) => cell.offsetParent !== null && cell.querySelector('button'));
  next?.querySelector('button')?.focus();
}

function columnOf(cell: HTMLTableCellElement): HTMLTableCellElement[] {
  return [...(cell.closest('table')?.rows ?? [])].flatMap((row) => row.cells[cell.cellIndex] ?? []);
}

function resultAt(button: HTMLElement): { readonly target: PageData['targets'][number]; readonly result: PageResult } {
  const [at = -1, place = -1] = button.dataset['at']?.split(' ').map(Number) ?? [];
  const target = data.targets[at];
  const result = target?.results[place];
  if (!target || !result) throw new TypeError(`there is no result at "${button.dataset['at']}"`);
  return { target, result };
}

const steps: Readonly<Record<string, { readonly across: boolean; readonly forward: boolean }>> = {
  ArrowLeft: { across: true, forward: false },
  ArrowRight: { across: true, forward: true },
  ArrowUp: { across: false, forward: false },
  ArrowDown: { across: false, forward: true },
};
