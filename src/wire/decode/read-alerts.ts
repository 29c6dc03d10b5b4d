import { alertName } from '../records/alerts.ts';
import type { AlertMessage, UnreadableMessage } from './decoded-message.ts';

/** The alerts in a record: one, as a rule. */
export function readAlerts(content: Uint8Array): AlertContent[] {
  if (content.length === 0 || content.length % alertLength !== 0)
    return [{ content: { type: 'unreadable', of: 'alert', length: content.length }, notes: ['malformed'] }];
  const notes = content.length > alertLength ? ['several alerts in one record'] : [];
  return Array.from({ length: content.length / alertLength }, (_unused, index) => {
    const level = levels.get(content[index * alertLength] ?? 0) ?? 'unknown';
    const code = content[index * alertLength + 1] ?? 0;
    return {
      content: { type: 'alert', level, name: alertName(code), code },
      notes: level === 'unknown' ? [...notes, 'its level is neither warning nor fatal'] : notes,
    };
  });
}

interface AlertContent {
  readonly content: AlertMessage | UnreadableMessage;
  readonly notes: readonly string[];
}

const alertLength = 2;
const levels: ReadonlyMap<number, AlertMessage['level']> = new Map([
  [1, 'warning'],
  [2, 'fatal'],
]);
