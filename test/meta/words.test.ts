import { expect, test } from 'vitest';
import { findWords } from '../../.ci/words.ts';

test.for([
  ['src/pki/pki.ts', '// Nobody closes it, and the stranger is refused.', ['Nobody', 'stranger']],
  ['src/handshake/explain/explain.ts', 'const goodbye = 1; // sent once', ['goodbye']],
  ['docs/guide.md', 'A value that is no string has another behaviour', ['is no string', 'behaviour']],
  ['README.md', 'the server authorises it', ['authorises']],
  ['test/pki/pki.test.ts', "test('spoilt certificates are refused', async () => {", ['spoilt']],
  ['test/pki/pki.test.ts', "test.for(cases)('whom %s trusts', ([name]) => {", ['whom']],
  ['test/pki/pki.test.ts', "])('nobody is asked', () => {", ['nobody']],
] as const)('in %s, "%s" has words that are not used here', ([file, text, words]) => {
  expect(findWords(file, text).map(({ word }) => word)).toEqual(words);
});

test.for([
  ['src/pki/pki.ts', '// There is no client, and it is no longer asked: an indoor display, a history, amended.'],
  ['test/pki/pki.test.ts', "  const stranger = createPki().client('whom');"],
  ['test/pki/pki.test.ts', "test('an unknown client is refused', async () => {"],
] as const)('in %s, "%s" has none', ([file, text]) => {
  expect(findWords(file, text)).toEqual([]);
});

test('a finding says where it is and what to write instead', () => {
  expect(findWords('docs/guide.md', 'first line\nthen a goodbye')).toEqual([
    { file: 'docs/guide.md', line: 2, word: 'goodbye', instead: 'close_notify' },
  ]);
});
