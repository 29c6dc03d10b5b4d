import type { EngineVersion } from '../../../wire/engine/engine-version.ts';
import type { FlightContext, FlightEdit, FlightEdits, FlightName } from '../../../wire/engine/flight.ts';
import type { ServerOptions } from '../../../wire/engine/peer-options.ts';
import { certificatePlans } from './certificate-plans.ts';
import { certificateVerifyPlans } from './certificate-verify-plans.ts';
import { compressedCertificatePlans } from './compressed-certificate-plans.ts';
import type { FlightPlan, FlightPlans } from './flight-plan.ts';
import { helloPlans } from './hello-plans.ts';
import { keyExchangePlans } from './key-exchange-plans.ts';
import { requestPlans } from './request-plans.ts';
import { resumptionPlans } from './resumption-plans.ts';
import type { ServerFlightFault } from './server-flight-fault.ts';

/** What is shown of a fault, and how. */
export interface FlightShown {
  readonly flight: ServerFlightFault;
  readonly version: EngineVersion;
  /** The control: everything but the edits. */
  readonly unedited: boolean;
  /** Called when the flight that differs, or would without `unedited`, is sent. */
  readonly onShown: () => void;
}

/** The part of the engine's options by which a server shows a fault. */
export function engineOptionsOf(
  shown: FlightShown,
): Pick<ServerOptions, 'edits' | 'helloRetry' | 'requestCertificate' | 'tickets' | 'skipped'> {
  const { edits, options = {}, appliesTo = () => true } = planOf(shown);
  const names = Object.keys(edits) as FlightName[]; // the keys of that record
  const edited = names.map((name): [FlightName, FlightEdit] => [
    name,
    (messages, context: FlightContext) => {
      if (!appliesTo(context)) return messages;
      shown.onShown();
      return shown.unedited ? messages : (edits[name]?.(messages, context) ?? messages);
    },
  ]);
  return { ...options, edits: Object.fromEntries(edited) satisfies FlightEdits };
}

function planOf({ flight, version }: FlightShown): FlightPlan {
  const byVersion: { readonly [V in EngineVersion]?: FlightPlan } = plans[flight];
  const plan = byVersion[version];
  if (plan) return plan;
  throw new TypeError(`the fault ${flight} is not one of ${version}`); // the options of the fault server are checked for it
}

const plans: FlightPlans = {
  ...certificatePlans,
  ...certificateVerifyPlans,
  ...compressedCertificatePlans,
  ...requestPlans,
  ...helloPlans,
  ...keyExchangePlans,
  ...resumptionPlans,
};
