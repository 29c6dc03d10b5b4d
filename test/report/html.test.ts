import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { dataElement, fillTemplate, html, inlined } from '../../src/report/html.ts';
import { outcomeWord, shortMessage, targetTitle, visible } from '../../src/report/words.ts';

const hostile = '</script><img src=x onerror="a()">\'&';

test('values of a template are escaped, and templates within it are not', () => {
  expect(html`<b title="${hostile}">${[html`<i>${hostile}</i>`, html`<i>${1}</i>`]}</b>`.markup).toBe(
    `<b title="${escaped}"><i>${escaped}</i><i>1</i></b>`,
  );
});

test('data cannot end its element, and is the same when it is read', () => {
  const { markup } = dataElement('report', { name: hostile, end: '<!--', line: '\u2028' });

  expect(markup.match(/</gu)).toHaveLength(2);
  expect(JSON.parse(markup.replace(/^<[^>]*>/u, '').replace('</script>', ''))).toEqual({ name: hostile, end: '<!--', line: '\u2028' });
});

test('values of a template from a file are escaped, and one without a value is an error', () => {
  const template = '<b title="{{name}}">{{parts}}</b>{{name}}';

  expect(fillTemplate(template, { name: hostile, parts: [html`<i>{{name}}</i>`] }).markup).toBe(
    `<b title="${escaped}"><i>{{name}}</i></b>${escaped}`,
  );
  expect(() => fillTemplate(template, { name: hostile })).toThrow('no value for parts');
});

test.for([
  ['a.css', '<link rel="stylesheet" href="a.css" />', '<style>a {}</style>'],
  ['a.ts', '<script type="module" src="a.ts"></script>', '<script type="module">a {}</script>'],
] as const)('%s is inlined in place of its link, and named by its hash', ([name, link, element]) => {
  expect(inlined(name, 'a {}')).toMatchObject({
    link,
    element,
    hash: `'sha256-${createHash('sha256').update('a {}').digest('base64')}'`,
  });
});

test.for(['a.css', 'a.ts'])('%s is rejected where it would end its element', (name) => {
  expect(() => inlined(name, "'</STYLE></SCRIPT>'")).toThrow('must not contain its own end tag');
});

test('characters that control, reverse or hide text are shown as their numbers, and no others', () => {
  expect(visible('a\u{202e}b\u{200b}\0\u{feff}\u{85}\u{2028}')).toBe('a\\u{202e}b\\u{200b}\\u{0}\\u{feff}\\u{85}\\u{2028}');
  expect(visible('straße, 東京, naïve\nnext ✓')).toBe('straße, 東京, naïve\nnext ✓');
});

test('the title of a target includes its project and label, where it has them', () => {
  expect(targetTitle({ name: 'api' })).toBe('api');
  expect(targetTitle({ name: 'api', project: 'unit', label: 'node22' })).toBe('api [unit] [node22]');
});

test.for([
  ['as-expected', 'rejected', 'rejected', 'rejected'],
  ['unexpected', 'rejected', 'accepted', 'accepted'],
  ['unexpected', 'rejected', 'rejected', 'otherwise'],
  ['unexpected', 'rejected', undefined, 'otherwise'],
  ['not-judged', 'rejected', 'rejected', 'not judged'],
  ['skipped', 'accepted', undefined, 'skipped'],
] as const)('%s, expected %s and seen %s, is shown as %s', ([status, expected, verdict, word]) => {
  const result = { status, expected: { verdict }, ...(verdict && { handshake: { verdict } }) };

  // The members that it looks at.
  expect(outcomeWord({ ...result, expected: { verdict: expected } } as Parameters<typeof outcomeWord>[0])).toBe(word);
});

test.for([
  ['expired-leaf (TLSv1.3): expected rejected by the server with X, but it was accepted\nmore', 'it was accepted'],
  ['expired-leaf (TLSv1.3): rejected by the server with X', 'rejected by the server with X'],
  ['expected rejected by the server with Y, but it was accepted', 'expected rejected by the server with Y, but it was accepted'],
  [
    'forwarded-nul (aws-alb): expected rejected by the server with X, but it was accepted with status 200',
    'it was accepted with status 200',
  ],
  ['the valid client was refused: x (TLSv1.3): y', 'the valid client was refused: x (TLSv1.3): y'],
] as const)('of the message %j is shown %j', ([message, shown]) => {
  expect(shortMessage({ message, expected: { verdict: 'rejected', by: 'server', reason: 'X' } })).toBe(shown);
});

const escaped = '&#60;/script&#62;&#60;img src=x onerror=&#34;a()&#34;&#62;&#39;&#38;';
