import { expect, test } from 'vitest';
import { type AnswerRules, readAnswer } from '../../../../src/scenarios/run/forwarded/assess-answer.ts';

const rules: AnswerRules = { refusals: [400, 401, 403] };
const named: AnswerRules = { ...rules, identity: ({ headers }) => headers['x-client'], authorized: 'client' };
const answer = (status: number, client?: string): Parameters<typeof readAnswer>[0] => ({
  status,
  headers: client === undefined ? {} : { 'x-client': client },
  body: '',
});
const closed = { kind: 'closed', words: 'the connection was closed with no answer' } as const;
const silence = { kind: 'silence', words: 'no answer within 300 ms' } as const;

test.for<readonly [what: string, answer: Parameters<typeof readAnswer>[0], rules: AnswerRules, verdict: string, words: string]>([
  ['a status of success', answer(204), rules, 'accepted', 'accepted with status 204'],
  ['a status of refusal', answer(401), rules, 'refused', 'refused with status 401'],
  ['another refusal where it was named', answer(302), { refusals: [302] }, 'refused', 'refused with status 302'],
  ['another refusal where it was not', answer(302), rules, 'neither', 'neither accepted nor refused: status 302'],
  ['an error of the application', answer(500), rules, 'neither', 'neither accepted nor refused: status 500'],
  ['a success that names no client', answer(200), named, 'refused', 'answered with status 200 as no client'],
  ['a success that names the client', answer(200, 'client'), named, 'accepted', 'accepted with status 200 as "client"'],
  [
    'a success that identity cannot read',
    answer(200),
    {
      ...rules,
      identity: () => {
        throw new Error('no JSON');
      },
    },
    'neither',
    'neither accepted nor refused: identity threw "no JSON"',
  ],
  ['too much, for a request of the usual size', answer(431), rules, 'neither', 'neither accepted nor refused: status 431'],
  ['too much, for one that is', answer(431), { ...rules, tooLarge: true }, 'refused', 'refused with status 431'],
  ['too much, for one that is long', answer(431), { ...rules, isLong: true }, 'refused', 'refused with status 431'],
  [
    'a connection that ends after a long one',
    closed,
    { ...rules, isLong: true },
    'neither',
    'neither accepted nor refused: the connection was closed with no answer',
  ],
  ['a connection that ends', closed, rules, 'neither', 'neither accepted nor refused: the connection was closed with no answer'],
  [
    'one that ends within a success, after what is not HTTP',
    { kind: 'cut', status: 200, words: 'the connection was closed within the answer "HTTP/1.1 200 OK"' },
    { ...rules, malformed: true, tooLarge: true },
    'neither',
    'neither accepted nor refused: the connection was closed within the answer "HTTP/1.1 200 OK"',
  ],
  [
    'one that ends within a status line, after what is not HTTP',
    { kind: 'cut', words: 'the connection was closed within the answer "HTTP/1.1 4"' },
    { ...rules, malformed: true },
    'neither',
    'neither accepted nor refused: the connection was closed within the answer "HTTP/1.1 4"',
  ],
  [
    'one that ends within a refusal',
    { kind: 'cut', status: 403, words: 'the connection was closed within the answer "HTTP/1.1 403 Forbidden"' },
    rules,
    'refused',
    'refused with status 403',
  ],
  [
    'one that ends after what is not HTTP',
    closed,
    { ...rules, malformed: true },
    'refused',
    'refused: the connection was closed with no answer',
  ],
  ['no answer at all', silence, { ...rules, malformed: true }, 'neither', 'neither accepted nor refused: no answer within 300 ms'],
])('%s', ([, given, how, verdict, words]) => {
  expect(readAnswer(given, how)).toMatchObject({ verdict, words });
});

test('a success that names another client than the authorized one, once that is known, does not accept it', () => {
  const { authorized: _unknown, ...before } = named;

  expect(readAnswer(answer(200, 'another client'), before)).toMatchObject({ verdict: 'accepted', identity: 'another client' });
  expect(readAnswer(answer(200, 'another client'), named)).toMatchObject({
    verdict: 'refused',
    words: 'answered with status 200 as "another client"',
  });
});
