/**
 * What the page does: filters, and the detail of a cell. Data becomes text nodes and nothing else; there is no string of markup. ASCII only: the build
 * writes other letters as escapes, which mean nothing in a raw string.
 */
export const pageScript: string = String.raw`
'use strict';
(() => {
const byId = (id) => document.getElementById(id);
const report = JSON.parse(byId('report').textContent);
const deceptive = new RegExp(report.deceptive, 'gu');
const visible = (text) => String(text).replace(deceptive, (letter) => '\\u{' + letter.codePointAt(0).toString(16) + '}');
const resultAt = (button) => {
  const [target, place] = button.dataset.at.split(' ').map(Number);
  return { target: report.targets[target], result: report.targets[target].results[place] };
};

// An element: its attributes, and its content as text or elements; what is false, null or undefined is left out.
const make = (tag, attributes, ...content) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  for (const part of content.flat(Infinity)) if (part !== undefined && part !== null && part !== false) element.append(part instanceof Node ? part : visible(part));
  return element;
};

// Filters.
const cells = [...document.querySelectorAll('button.cell')].map((button) => {
  const { target, result } = resultAt(button);
  const { handshake } = result;
  const text = [result.id, result.title, result.differs, result.reference, result.message, target.called, handshake?.reason, handshake?.alert?.name];
  return { button, row: button.closest('tr'), status: result.status, group: result.group, tier: result.tier, role: target.underTest, text: text.join('\n').toLowerCase() };
});
const rows = [...new Set(cells.map(({ row }) => row))];
const keys = ['status', 'group', 'tier', 'role'];
const filter = () => {
  const words = byId('by-text').value.toLowerCase().split(/\s+/u).filter(Boolean);
  const wanted = keys.map((key) => [key, byId('by-' + key).value]).filter(([, value]) => value !== '');
  const shown = new Set();
  let count = 0;
  for (const cell of cells) {
    const fits = wanted.every(([key, value]) => cell[key] === value) && words.every((word) => cell.text.includes(word));
    cell.fits = fits;
    cell.button.classList.toggle('dim', !fits);
    if (fits) { count += 1; shown.add(cell.row); }
  }
  for (const row of rows) row.hidden = !shown.has(row);
  for (const body of document.querySelectorAll('tbody')) body.hidden = !body.querySelector('tr:not(.group):not([hidden])');
  for (const section of document.querySelectorAll('.matrix')) section.hidden = !section.querySelector('tbody:not([hidden])');
  byId('nothing').hidden = count > 0;
  byId('count').textContent = count + ' of ' + cells.length + ' results';
};
const form = document.querySelector('.filters');
form.addEventListener('input', filter);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(filter));
filter(); // a browser may have kept what was typed before a reload

// The detail of a cell.
const dialog = byId('detail');
let current;
const open = (button) => {
  current = button;
  const { target, result } = resultAt(button);
  byId('detail-title').replaceChildren(
    make('span', { class: 'pill ' + result.status }, report.signs[result.status] + ' ' + report.words[result.status]), ' ',
    make('code', {}, result.kind === 'last-control' ? 'control at the end' : result.id), ' ',
    make('small', {}, target.called + ', ' + result.version.replace('TLSv', 'TLS ')));
  byId('detail-body').replaceChildren(...detail(target, result));
  byId('detail-body').scrollTop = 0;
  const [before, after] = neighbours();
  byId('previous').disabled = !before;
  byId('next').disabled = !after;
  if (!dialog.open) dialog.showModal();
  byId('detail-title').focus();
};
const neighbours = () => {
  const shown = cells.filter(({ fits }) => fits).map(({ button }) => button);
  const at = shown.findIndex((button) => button.dataset.at === current.dataset.at);
  return at === -1 ? [] : [shown[at - 1], shown[at + 1]];
};
document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-at]');
  if (button) open(button);
  if (event.target === dialog) dialog.close();
});
byId('previous').addEventListener('click', () => open(neighbours()[0]));
byId('next').addEventListener('click', () => open(neighbours()[1]));
byId('close').addEventListener('click', () => dialog.close());
dialog.addEventListener('close', () => current.focus());

// Arrow keys go from cell to cell.
document.addEventListener('keydown', (event) => {
  const from = event.target.closest?.('button.cell');
  if (!from || event.altKey || event.ctrlKey || event.metaKey) return;
  const row = from.closest('tr');
  const column = from.parentElement.cellIndex;
  const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const down = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  let to;
  if (across) for (let at = column + across; !to && row.cells[at]; at += across) to = row.cells[at].querySelector('button');
  if (down) {
    const all = [...from.closest('table').rows];
    for (let at = row.rowIndex + down; !to && all[at]; at += down) if (all[at].offsetParent) to = all[at].cells[column]?.querySelector('button');
  }
  if (across || down) event.preventDefault();
  to?.focus();
});

const fact = (name, value) => value === undefined || value === '' ? [] : [make('dt', {}, name), make('dd', {}, value)];
const detail = (target, result) => {
  const { handshake } = result;
  const session = handshake && [handshake.protocol ?? 'no version agreed', handshake.cipher, handshake.group, handshake.alpn && 'ALPN ' + handshake.alpn, handshake.servername && 'servername ' + handshake.servername, handshake.resumed && 'resumed'].filter(Boolean).join(', ');
  return [
    make('p', { class: 'lead' }, result.title),
    make('dl', { class: 'facts' },
      fact('Differs', result.differs), fact('Expected', result.wanted), fact('Seen', result.seen),
      fact('Reason', handshake?.reason), fact('Alert', handshake?.alert && handshake.alert.name + ' (' + handshake.alert.code + '), sent by the ' + handshake.alert.sentBy),
      fact('Session', session), fact('Group', result.group + ', tier ' + result.tier), fact('Reference', result.reference),
      fact('Time', [handshake && handshake.durationMs.toFixed(1) + ' ms to the decision', result.testMs !== undefined && result.testMs.toFixed(1) + ' ms the whole test', result.retries && 'tried again ' + result.retries + ' times'].filter(Boolean).join(', '))),
    handshake ? make('section', {}, make('h3', {}, 'What happened'), ladder(handshake.explanation))
      : result.message.includes('\n') ? make('section', {}, make('h3', {}, 'What happened'), ladder(result.message)) : make('p', { class: 'quiet' }, 'No handshake was observed here.'),
    handshake && make('section', { class: 'chains' }, chain('Client', handshake.clientChain, handshake), chain('Server', handshake.serverChain, handshake)),
  ].filter(Boolean);
};

const ladder = (text) => make('pre', { tabindex: '0', role: 'region', 'aria-label': 'The handshake, message by message' }, text.split('\n').map((line, index) => {
  const kind = index === 0 ? 'verdict' : line.startsWith('>') ? 'decisive' : / {3}<-- \S/u.test(line) ? 'fault' : /^ {2}next /u.test(line) ? 'hint' : '';
  return make('span', { class: kind }, line + '\n');
}));

// Chains of certificates: the issuer within what it has issued.
const chain = (side, presented, handshake) => {
  const heading = make('h3', {}, side + ' certificates');
  if (!presented) return make('div', {}, heading, make('p', { class: 'quiet' }, 'None was seen.'));
  if (presented.certificates.length === 0) return make('div', {}, heading, make('p', { class: 'quiet' }, 'None was sent.'));
  const origin = presented.asSent ? 'As sent, in this order.' : handshake.resumed ? 'The session was resumed: this was presented when it began.' : 'As the end had it; not seen on the wire.';
  const links = presented.certificates.map((link) => typeof link === 'string' ? report.certificates[link] : link);
  return make('div', {}, heading, make('p', { class: 'quiet' }, origin + ' The line marks the time of the handshake.'), tree(links, 0, Date.parse(handshake.startedAt)));
};
const tree = (links, depth, now) => {
  const link = links[depth];
  const above = links[depth + 1];
  if (!link) return undefined;
  const top = !above && link.issuer !== undefined && link.issuer !== link.subject;
  const broken = above?.subject !== undefined && link.issuer !== undefined && above.subject !== link.issuer;
  return make('ul', { class: 'tree' }, make('li', {}, certificate(link, depth, now),
    broken && make('p', { class: 'quiet' }, 'issued by ' + link.issuer + ', which is not the next one'),
    top && make('p', { class: 'quiet' }, 'issued by ' + link.issuer + ', not presented'),
    tree(links, depth + 1, now)));
};
const certificate = (link, depth, now) => {
  if (link.unreadableBytes !== undefined) return make('p', { class: 'quiet' }, link.unreadableBytes + ' bytes that cannot be read as a certificate');
  const state = validity(link, now);
  const flags = [link.isAuthority && 'CA', link.issuer === link.subject && 'self-issued'].filter(Boolean);
  return make('details', depth === 0 ? { open: '' } : {},
    make('summary', {}, make('b', {}, link.subject || 'empty subject'), flags.map((flag) => [' ', make('small', {}, flag)]), state.wrong && [' ', make('small', { class: 'wrong' }, state.wrong)]),
    bar(link, now, state),
    make('dl', {},
      fact('Issuer', link.issuer || 'empty'), fact('Names', link.names.join(', ') || 'none'),
      fact('Key usage', link.keyUsage ? link.keyUsage.join(', ') || 'empty' : 'not restricted'), fact('Extended key usage', link.extendedKeyUsage ? link.extendedKeyUsage.join(', ') || 'empty' : 'not restricted'),
      fact('CA', link.isAuthority ? 'yes' + (link.pathLength === undefined ? '' : ', path length ' + link.pathLength) : 'no'),
      fact('Key', link.keyAlgorithm), fact('Signature', link.signatureAlgorithm), fact('Serial', link.serialNumber), fact('SHA-256', link.fingerprint256)));
};

const moment = (time) => new Date(time).toISOString().replace('T', ' ').replace(/\.\d+Z$/u, ' UTC');
const span = (milliseconds) => {
  const [unit, length] = [['years', 31557600e3], ['days', 864e5], ['hours', 36e5], ['minutes', 6e4]].find(([, length]) => milliseconds >= 2 * length) ?? [];
  return unit ? Math.floor(milliseconds / length) + ' ' + unit : (milliseconds / 1000).toFixed(1) + ' seconds';
};
const validity = ({ notBefore, notAfter }, now) => {
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)];
  const note = to < now ? 'expired ' + span(now - to) + ' before' : from > now ? 'begins ' + span(from - now) + ' later' : 'valid for another ' + span(to - now);
  return { from, to, note, wrong: to < now ? 'expired' : from > now ? 'not yet valid' : '' };
};
const bar = (link, now, { from, to, note, wrong }) => {
  const [first, last] = [Math.min(from, to, now), Math.max(from, to, now)];
  const at = (time) => 3 + 94 * (last === first ? 0.5 : (time - first) / (last - first));
  const period = make('span', { class: 'period' + (wrong ? ' wrong' : '') });
  period.style.left = at(Math.min(from, to)) + '%';
  period.style.width = Math.max(0.6, at(Math.max(from, to)) - at(Math.min(from, to))) + '%';
  const mark = make('span', { class: 'now' });
  mark.style.left = at(now) + '%';
  return make('div', { class: 'validity' },
    make('div', { class: 'line', 'aria-hidden': 'true' }, period, mark),
    make('p', {}, moment(from) + ' to ' + moment(to) + ', ', make('b', {}, note)));
};
})();
`;
