import type { EngineSession } from '../../../wire/engine/engine-session.ts';
import type { EngineVersion } from '../../../wire/engine/engine-version.ts';
import type { EditedFlight } from './edited-flight.ts';

/** Which handshake to perform. */
export interface FlightPlan {
  readonly flight: EditedFlight;
  readonly version: EngineVersion;
  readonly isEdited: boolean;
  /** Whether a session is resumed, and which. */
  readonly resumes?: boolean;
  readonly session?: EngineSession | undefined;
}
