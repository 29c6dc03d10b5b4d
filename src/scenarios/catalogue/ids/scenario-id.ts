import type { BoundTokenScenarioId } from './bound-token-ids.ts';
import type { CredentialScenarioId } from './credential-ids.ts';
import type { ForwardedScenarioId } from './forwarded-ids.ts';
import type { ProtocolScenarioId } from './protocol-ids.ts';
import type { ReloadScenarioId } from './reload-ids.ts';
import type { SpiffeScenarioId } from './spiffe-ids.ts';

/** The id of a scenario; an id that was released stays. */
export type ScenarioId =
  | CredentialScenarioId
  | ProtocolScenarioId
  | ReloadScenarioId
  | ForwardedScenarioId
  | BoundTokenScenarioId
  | SpiffeScenarioId;

/** Values by the id of a scenario: an editor completes the ids, and text that was computed is taken too. */
export type ByScenarioId<Value> = Readonly<Partial<Record<ScenarioId, Value>>> & Readonly<Record<string, Value>>;
