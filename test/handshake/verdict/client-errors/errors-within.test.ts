import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { errorsWithin } from '../../../../src/handshake/verdict/client-errors/errors-within.ts';

const inner = new Error('inner');

describe('the error within is found', () => {
  test.for([
    ['as the cause', new Error('outer', { cause: inner })],
    ['as the original error', Object.assign(new Error('outer'), { originalError: inner })],
    ['as a member of an aggregate', new AggregateError([new Error('other'), inner])],
    ['by its host', Object.assign(new Error('outer'), { innerErrors: { '127.0.0.1:9042': inner } })],
    ['in a map by its host', Object.assign(new Error('outer'), { innerErrors: new Map([['127.0.0.1:9042', inner]]) })],
    ['in an event', { type: 'error', error: inner }],
    ['in an event that describes a transport', Object.assign(new Error('outer'), { description: { type: 'error', error: inner } })],
    ['as the status text of a request', Object.assign(new Error('outer'), { context: { statusText: inner } })],
    ['as what was suppressed', Object.assign(new Error('outer'), { suppressed: inner })],
    ['as the parent', Object.assign(new Error('outer'), { parent: inner })],
    ['as the reason', Object.assign(new Error('outer'), { reason: inner })],
    ['three errors down', new Error('1', { cause: Object.assign(new Error('2'), { error: new AggregateError([inner]) }) })],
  ] as const)('%s', ([, error]) => {
    expect(errorsWithin(error)).toContain(inner);
  });

  test('where it is of another realm', () => {
    const foreign: unknown = runInNewContext("new Error('inner')");

    expect(errorsWithin(Object.assign(new Error('outer'), { error: foreign }))).toContain(foreign);
  });
});

test('what an answer was parsed into is not an error', () => {
  const body = { code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' };
  const error = Object.assign(new Error('outer'), {
    error: body,
    reason: body,
    errors: [body],
    innerErrors: { host: body },
    response: body,
  });

  expect(errorsWithin(error)).toEqual([error]);
});

test('a cycle is gone round once', () => {
  const outer = new Error('outer', { cause: inner });
  Object.assign(inner, { originalError: outer });

  expect(errorsWithin(outer)).toEqual([outer, inner]);
});

test('members that cannot be read are passed over', () => {
  const hostile = Object.defineProperties(new Error('outer', { cause: inner }), {
    error: { get: (): never => fail() },
    errors: { get: (): never => fail() },
    originalError: { get: (): never => fail() },
  });
  const proxy = new Proxy({}, { get: (): never => fail(), has: (): never => fail(), ownKeys: (): never => fail() });

  expect(errorsWithin(hostile)).toContain(inner);
  expect(errorsWithin(proxy)).toHaveLength(1);
});

test('a chain without end is followed a bounded way', () => {
  const endless = (): Error => Object.defineProperty(new Error('again'), 'cause', { get: endless });

  expect(errorsWithin(endless()).length).toBeLessThanOrEqual(1000);
});

function fail(): never {
  throw new Error('a getter that throws');
}
