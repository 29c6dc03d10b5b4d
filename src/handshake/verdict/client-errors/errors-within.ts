import { isError as isErrorOfAnyRealm } from '../../../errors/index.ts';

/**
 * An error and the errors within it, each once, outermost first: causes, members of aggregates, and what client libraries and error events keep. Safe
 * with cycles, with getters that throw, and with long chains. Where a member may also be what the peer's application answered, only errors count.
 */
export function errorsWithin(error: unknown): readonly object[] {
  const found = new Set<object>();
  const waiting: unknown[] = [error];
  while (waiting.length > 0 && found.size < mostErrors) {
    const next = waiting.pop();
    if (!isObject(next) || found.has(next)) continue;
    found.add(next);
    waiting.push(...keptBy(next).toReversed());
  }
  return [...found];
}

/** A property of anything; undefined where it is missing, and where reading it throws. */
export function memberOf(value: unknown, name: string): unknown {
  try {
    return isObject(value) ? (value as Readonly<Record<string, unknown>>)[name] : undefined; // any object reads undefined where it has none
  } catch {
    return undefined;
  }
}

function keptBy(error: object): unknown[] {
  return [
    ...causes.map((name) => memberOf(error, name)),
    ...wrapped.map((name) => memberOf(error, name)).filter(isErrorOrEvent),
    ...[memberOf(memberOf(error, 'context'), 'statusText')].filter(isErrorOrEvent), // engine.io's polling: its XMLHttpRequest has the error as status text
    ...lists.flatMap((name) => membersOf(memberOf(error, name))),
  ];
}

/** Of a list, a map or an object of errors by host. */
function membersOf(list: unknown): unknown[] {
  try {
    if (list instanceof Map || list instanceof Set) return [...list.values()].slice(0, mostErrors).filter(isErrorOrEvent);
    return isObject(list) ? Object.values(list).slice(0, mostErrors).filter(isErrorOrEvent) : [];
  } catch {
    return [];
  }
}

/** An error of any realm, or an event that has one; what a peer's answer was parsed into is neither. */
function isErrorOrEvent(value: unknown): boolean {
  return isError(value) || (typeof memberOf(value, 'type') === 'string' && isError(memberOf(value, 'error')));
}

function isError(value: unknown): boolean {
  try {
    return isErrorOfAnyRealm(value);
  } catch {
    return false; // a Proxy may throw
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const causes = ['cause', 'originalError'] as const;
/** `reason` and `description` of socket.io and engine.io, `error` of events and of SuppressedError, the others of ORMs, databases, message brokers. */
const wrapped = [
  'error',
  'suppressed',
  'reason',
  'description',
  'inner',
  'innerError',
  'innerException',
  'original',
  'parent',
  'previous',
  'lastNodeError',
  'chainedError',
  'jse_cause',
] as const;
/** `errors` of an AggregateError, `innerErrors` of cassandra-driver. */
const lists = ['errors', 'innerErrors'] as const;
const mostErrors = 1000;
