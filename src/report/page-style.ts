/** How the page looks: light and dark as the reader has it, narrow and wide, and on paper. */
export const pageStyle: string = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f5f6f8, #11151a); --panel: light-dark(#fff, #181d24); --sunk: light-dark(#f0f2f5, #12171d);
  --text: light-dark(#1b2430, #e3e8ee); --muted: light-dark(#566272, #9ba8b8); --rule: light-dark(#e0e4ea, #2a323c);
  --accent: light-dark(#1f6f5c, #7fcfb6); --focus: light-dark(#1d5fd0, #86b4ff);
  --ok: light-dark(#1c6650, #8ad0b5); --ok-back: light-dark(#e8f3ee, #17302a);
  --bad: light-dark(#b01f30, #ff9ca5); --bad-back: light-dark(#c22b3c, #c93a4d); --bad-soft: light-dark(#fcebed, #35191e);
  --unsure: light-dark(#7d5200, #f0c571); --unsure-back: light-dark(#fdf0d5, #372a12);
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace;
}
* { box-sizing: border-box; }
html { scroll-padding-top: 9rem; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
header, main, footer { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 36px; }
h1 { margin: 0; font-size: 26px; font-weight: 650; letter-spacing: -0.015em; }
h2 { margin: 36px 0 12px; font-size: 17px; font-weight: 650; letter-spacing: -0.005em; }
h3 { margin: 0; font-size: 15px; font-weight: 650; overflow-wrap: anywhere; }
p { margin: 0; }
code, pre { font-family: var(--mono); }
i { font-style: normal; font-weight: 700; }
button, input, select { font: inherit; color: inherit; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; top: 8px; z-index: 9; padding: 6px 12px; background: var(--panel); border-radius: 6px; }
.skip:focus { left: 24px; }
.when, .where, footer, .quiet { color: var(--muted); }
.when { margin-top: 4px; }
.notice { margin-top: 16px; padding: 10px 14px; border-radius: 8px; background: var(--unsure-back); color: var(--unsure); }
footer { padding-top: 28px; padding-bottom: 40px; font-size: 13px; }

.targets { list-style: none; margin: 24px 0 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); gap: 14px; }
.targets li { min-width: 0; padding: 16px 18px; background: var(--panel); border: 1px solid var(--rule); border-radius: 12px; }
.where { font-size: 13px; overflow-wrap: anywhere; }
.targets svg { display: block; width: 100%; height: 8px; margin: 12px 0 10px; border-radius: 4px; background: var(--sunk); }
rect.as-expected { fill: light-dark(#4b9d84, #4d9f86); } rect.unexpected { fill: var(--bad-back); } rect.not-judged { fill: light-dark(#d89a2b, #d9a441); } rect.skipped { fill: light-dark(#cdd4dc, #3a444f); }
.counts { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 13.5px; font-variant-numeric: tabular-nums; }
.counts .as-expected { color: var(--ok); } .counts .unexpected { color: var(--bad); font-weight: 600; } .counts .not-judged { color: var(--unsure); } .counts .skipped { color: var(--muted); }

.attention ul { list-style: none; margin: 0; padding: 4px 0; background: var(--panel); border: 1px solid var(--rule); border-left: 4px solid var(--bad-back); border-radius: 10px; }
.attention li { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); align-items: baseline; gap: 2px 24px; padding: 7px 16px; } .attention li + li { border-top: 1px solid var(--rule); }
.attention span, .attention p { color: var(--muted); font-size: 13.5px; overflow-wrap: anywhere; } .attention p { margin-top: 8px; }
.open { padding: 2px 4px; margin-left: -4px; border: 0; border-radius: 5px; background: none; text-align: left; cursor: pointer; overflow-wrap: anywhere; }
.open i { color: var(--bad); } .open code { font-size: 13.5px; font-weight: 600; } .open small { font-size: 13.5px; } .open:hover { background: var(--bad-soft); }

.filters { position: sticky; top: 0; z-index: 3; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; margin: 28px -24px 0; padding: 12px 24px; background: var(--page); border-bottom: 1px solid var(--rule); font-size: 13.5px; color: var(--muted); }
.filters > span { display: flex; align-items: center; gap: 7px; } .filters .text { flex: 1 1 230px; }
.filters input, .filters select, .filters button, .bar button { min-width: 0; height: 34px; padding: 0 10px; color: var(--text); background: var(--panel); border: 1px solid light-dark(#c3cad3, #414c59); border-radius: 8px; }
.filters input { flex: 1; width: 100%; } .filters button, .bar button { cursor: pointer; } .filters button:hover, .bar button:hover:enabled { border-color: var(--muted); }
.bar button:disabled { opacity: 0.45; cursor: default; }
#count { min-width: 9.5em; font-variant-numeric: tabular-nums; text-align: right; }

.matrix h2 { margin-top: 28px; }
.scroll { position: relative; background: var(--panel); border: 1px solid var(--rule); border-radius: 12px; overflow-x: auto; }
table { width: 100%; border-collapse: separate; border-spacing: 0; }
th, td { padding: 6px 8px; text-align: left; font-weight: 400; } tbody > tr > * { border-top: 1px solid var(--rule); }
tbody tr:not(.group):hover > * { background: var(--sunk); }
thead th { background: var(--panel); font-size: 13px; color: var(--muted); text-align: center; overflow-wrap: anywhere; }
thead th[scope=colgroup] { color: var(--text); font-weight: 600; padding-top: 12px; }
thead .corner { text-align: left; padding-left: 18px; vertical-align: bottom; border-top-left-radius: 12px; } thead tr:first-child th:last-child { border-top-right-radius: 12px; }
.group th { padding: 14px 18px 6px; background: var(--panel); } .group span { font-size: 12px; font-weight: 650; letter-spacing: 0.06em; text-transform: uppercase; color: var(--accent); }
th[scope=row] { position: sticky; left: 0; z-index: 1; padding-left: 18px; min-width: 190px; background: var(--panel); } tbody:last-of-type tr:last-child th { border-bottom-left-radius: 12px; } th code { font-size: 13px; font-weight: 600; overflow-wrap: anywhere; }
.title { display: block; font-size: 13px; line-height: 1.35; color: var(--muted); } small { font-size: 11.5px; font-weight: 500; color: var(--muted); }
th small, summary small { padding: 1px 6px; border: 1px solid var(--rule); border-radius: 20px; }
td { width: 124px; text-align: center; } td:last-child { width: 134px; padding-right: 18px; } thead th:last-child { padding-right: 18px; } .none { color: var(--muted); }
.cell { width: 108px; height: 30px; padding: 0 6px; display: inline-flex; align-items: center; justify-content: center; gap: 6px; border: 1px solid transparent; border-radius: 7px; font-size: 13px; cursor: pointer; }
.cell:hover { border-color: currentColor; } .cell.dim { opacity: 0.3; }
.cell.as-expected, .pill.as-expected { background: var(--ok-back); color: var(--ok); }
.cell.unexpected, .pill.unexpected { background: var(--bad-back); color: #fff; font-weight: 650; }
.cell.not-judged, .pill.not-judged { background: var(--unsure-back); color: var(--unsure); }
.cell.skipped, .pill.skipped { background: transparent; color: var(--muted); border: 1px dashed light-dark(#c3cad3, #414c59); }

dialog { width: min(1120px, calc(100vw - 24px)); max-width: none; height: auto; max-height: calc(100dvh - 32px); padding: 0; overflow: hidden; color: var(--text); background: var(--panel); border: 1px solid var(--rule); border-radius: 14px; box-shadow: 0 18px 60px rgb(0 0 0 / 0.28); }
dialog[open] { display: flex; flex-direction: column; } dialog::backdrop { background: rgb(12 18 26 / 0.5); }
.bar { display: flex; flex-wrap: wrap; gap: 8px; padding: 14px 20px; border-bottom: 1px solid var(--rule); }
.bar h2 { flex: 1 1 240px; min-width: 0; margin: 0; font-size: 16px; line-height: 34px; overflow-wrap: anywhere; outline: 0; } .bar small { font-size: 13.5px; }
.pill { display: inline-block; margin-right: 4px; padding: 0 10px; border-radius: 20px; font-size: 13px; line-height: 24px; }
#detail-body { padding: 16px 20px 24px; overflow-y: auto; } .lead { font-size: 16px; margin-bottom: 10px; }
dl { margin: 0; display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px 16px; font-size: 14px; } dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
#detail-body section { margin-top: 22px; } #detail-body h3 { margin-bottom: 6px; }
pre { margin: 0; padding: 14px 16px; overflow-x: auto; background: var(--sunk); border: 1px solid var(--rule); border-radius: 10px; font-size: 12px; line-height: 1.6; }
pre span { display: block; width: max-content; min-width: 100%; white-space: pre; } pre .verdict { font-weight: 700; } pre .decisive { background: light-dark(#fde9b8, #43371a); font-weight: 650; } pre .fault { color: var(--bad); } pre .hint { color: var(--accent); }
.chains { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 18px 28px; } .chains > div { min-width: 0; }
.tree { list-style: none; margin: 6px 0 0; padding: 0; } .tree .tree { margin-left: 10px; padding-left: 14px; border-left: 2px solid var(--rule); }
details { padding: 6px 0; } summary { cursor: pointer; overflow-wrap: anywhere; border-radius: 4px; } summary b { font-weight: 600; } .wrong { color: var(--bad); } small.wrong { border-color: currentColor; font-weight: 650; }
details dl { padding: 4px 0 4px 18px; font-size: 13px; } .quiet { font-size: 13px; overflow-wrap: anywhere; }
.validity { padding: 8px 0 6px 18px; font-size: 13px; color: var(--muted); } .validity b { font-weight: 600; color: var(--text); }
.line { position: relative; height: 10px; margin-bottom: 6px; border-radius: 5px; background: var(--sunk); border: 1px solid var(--rule); }
.period { position: absolute; top: 1px; bottom: 1px; border-radius: 4px; background: light-dark(#5fae97, #4d9f86); } .period.wrong { background: light-dark(#d9808a, #b5505d); }
.now { position: absolute; top: -4px; bottom: -4px; width: 2px; margin-left: -1px; background: var(--text); }

@media (min-width: 900px) {
  .scroll:not(.wide) { overflow: visible; } .scroll:not(.wide) thead { position: sticky; top: 59px; z-index: 2; }
}
@media (max-width: 640px) {
  header, main, footer { padding-left: 14px; padding-right: 14px; } header { padding-top: 22px; }
  .filters { position: static; margin-left: -14px; margin-right: -14px; padding: 12px 14px; } .filters > span { flex: 1 1 45%; } .filters .text { flex-basis: 100%; } .filters select { flex: 1; }
  th[scope=row], thead .corner { padding-left: 10px; min-width: 150px; } .group th { padding-left: 10px; } td { width: auto; padding: 6px 4px; } .cell { width: 96px; } #count { flex: 1; }
  .attention li { grid-template-columns: minmax(0, 1fr); }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: 6px; } #detail-body, .bar { padding-left: 14px; padding-right: 14px; }
}
@media (prefers-contrast: more) { .cell { border-color: currentColor; } }
@media (forced-colors: active) { .cell, .pill { border: 1px solid ButtonText; } .now { background: CanvasText; } .period { background: Highlight; forced-color-adjust: none; } }
@media print {
  :root { color-scheme: light; } body { background: #fff; font-size: 12px; } .filters, .skip, .bar button { display: none; } header, main, footer { max-width: none; padding: 0; }
  * { print-color-adjust: exact; } tr, .targets li, details { break-inside: avoid; } .scroll { overflow: visible; border: 0; } thead { position: static !important; display: table-header-group; }
  body:has(dialog[open]) > :not(dialog) { display: none; } dialog[open] { position: static; width: auto; max-height: none; border: 0; box-shadow: none; } #detail-body { overflow: visible; } pre span { width: auto; white-space: pre-wrap; }
}
`;
