import type { FlightContext } from '../../../wire/engine/flight.ts';
import { helloHas, renamed, withoutExtension } from '../hello-edits.ts';
import type { EditedFlights } from './edited-flight.ts';

/** A second ClientHello that asks for another server name than the first. */
export const secondHello = {
  'second-hello-other-name': {
    shown: 'second ClientHello (with another server name)',
    retries: true,
    edits: { 'TLSv1.3': { 'second-hello': renamed('other.mtls-fixtures.test') } },
    unfit: unlessNamed,
  },
  'second-hello-without-name': {
    shown: 'second ClientHello (without a server name)',
    retries: true,
    edits: { 'TLSv1.3': { 'second-hello': withoutExtension('server_name') } },
    unfit: unlessNamed,
  },
} as const satisfies EditedFlights<string>;

function unlessNamed({ sent }: FlightContext): string | undefined {
  const hello = sent('client_hello');
  return hello !== undefined && helloHas('server_name', hello) ? undefined : 'it is asked for by no name';
}
