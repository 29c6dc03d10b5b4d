import net from 'node:net';
import { expect, test } from 'vitest';
import { FaultConnection, type FaultTally } from '../../../src/faults/server/fault-connection.ts';

test('the last thousand alerts are remembered', () => {
  const tally: FaultTally = {
    connections: 0,
    clientHellos: 0,
    faultsShown: 0,
    completedHandshakes: 0,
    applicationData: 0,
    plaintextConnections: 0,
    plaintextRequests: 0,
    alerts: [],
    ownFailure: undefined,
  };
  const alerted = (code: number): void => {
    new FaultConnection(new net.Socket(), tally).receivedAlert(code);
  };

  alerted(42);
  for (let count = 0; count < 999; count += 1) alerted(46);
  expect(tally.alerts.map(({ code }) => code).slice(0, 2)).toEqual([42, 46]); // control
  alerted(48);

  expect(tally.alerts).toHaveLength(1000);
  expect([tally.alerts[0]?.code, tally.alerts.at(-1)?.code]).toEqual([46, 48]);
});
