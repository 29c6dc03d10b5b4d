import '../errors/check-runtime.ts';
export type { ClientFault, EditedFlightFault } from '../faults/client/client-fault.ts';
export type { ClientFaultOptions, FaultTarget } from '../faults/client/client-fault-options.ts';
export type { ClientFlightFault } from '../faults/flights/client/client-flight-fault.ts';
export type { ClientFaultOutcome, FlightEnd, FlightReport } from '../faults/client/client-fault-outcome.ts';
export type { FaultServer } from '../faults/server/fault-server.ts';
export type { ClientOffer } from '../wire/hello/client-offer.ts';
export type { ApplicationDataStream, FaultServerOptions } from '../faults/server/fault-server-options.ts';
export type { ServerFlightFault } from '../faults/flights/server/server-flight-fault.ts';
export { sendClientFault } from '../faults/client/send-client-fault.ts';
export type { ServerFault } from '../faults/server/server-fault.ts';
export { startFaultServer } from '../faults/server/start-fault-server.ts';
export type { RevocationServer } from '../revocation/revocation-server.ts';
export type { OcspReply, RevocationAnswers, RevocationServerOptions } from '../revocation/revocation-server-options.ts';
export type { RevocationAnswer, RevocationRequest } from '../revocation/revocation-request.ts';
export { startRevocationServer } from '../revocation/start-revocation-server.ts';
export { clientScenarios, serverScenarios } from './catalogue/catalogue.ts';
export type { Respond } from './run/client/respond.ts';
export type { StartPeer } from './run/client/start-peer.ts';
export type { HostsUnderTest, HostUnderTest } from './run/hosts-under-test.ts';
export type { ServerPki } from './run/run-settings.ts';
export type { ServerRequest } from './run/server/server-request.ts';
export type { Selection } from './catalogue/select-scenarios.ts';
export { boundTokenScenarios } from './catalogue/bound-token-catalogue.ts';
export type {
  BoundTokenClient,
  BoundTokenParty,
  BoundTokenRequest,
  BoundTokenScenario,
  BoundTokenTrial,
  ConfirmationForm,
  ShownToken,
} from './catalogue/bound-tokens/bound-token-scenario.ts';
export { forwardedScenarios } from './catalogue/forwarded-catalogue.ts';
export type {
  ApplicationTrial,
  ForwardedArrangement,
  ForwardedExchange,
  ForwardedRequest,
  ForwardedScenario,
  ForwardedTrial,
  ProxyTrial,
} from './catalogue/forwarded/forwarded-scenario.ts';
export type { HeaderLine } from '../forwarded/format.ts';
export { reloadScenarios } from './catalogue/reload-catalogue.ts';
export type {
  FailedReloadTrial,
  LoadTrial,
  OpenConnectionTrial,
  ReloadedTrial,
  ReloadScenario,
  ReloadTrial,
  StartTrial,
} from './catalogue/reload/reload-scenario.ts';
export { protocolScenarios } from './catalogue/protocol-catalogue.ts';
export { spiffeScenarios } from './catalogue/spiffe-catalogue.ts';
export type {
  ApiChange,
  ApiRequestsTrial,
  ClientIdTrial,
  OpenStreamTrial,
  RotationTrial,
  JwtTrial,
  SpiffeScenario,
  SpiffeTrial,
  TokenFacts,
  TokenIssuer,
  TrustDomains,
  UpdateClient,
  UpdateTrial,
} from './catalogue/spiffe/spiffe-scenario.ts';
export type {
  CallMaterial,
  ClientFaultTrial,
  ClientProtocolScenario,
  ClientTrial,
  CredentialTrial,
  EditedFlightTrial,
  HandshakeTrial,
  HostsInTrial,
  PeerTrial,
  ProtocolFacts,
  ProtocolScenario,
  RenegotiationByServerTrial,
  HostCrossingTrial,
  RenegotiationTrial,
  RequestTrial,
  ResumptionTrial,
  ServerFaultTrial,
  ServerMaterial,
  ServerNames,
  ServerProtocolScenario,
  ServerTrial,
  SessionChange,
  TwoCallsTrial,
  ValidPeers,
} from './catalogue/protocol-scenario.ts';
export { runScenario, type ProtocolTarget, type RunOptions } from './run/run-scenario.ts';
export type {
  ArrangedCredential,
  ArrangedWith,
  ClientScenario,
  CredentialScenario,
  Divergence,
  ExpectedOutcome,
  LegitimatePeer,
  ScenarioFacts,
  ScenarioGroup,
  ScenarioTier,
  ServerScenario,
  Stack,
  StackAlert,
  TestedVersion,
  TlsVersion,
} from './catalogue/scenario.ts';
export type { BoundTokenScenarioId } from './catalogue/ids/bound-token-ids.ts';
export type { CredentialScenarioId } from './catalogue/ids/credential-ids.ts';
export type { NameScenarioId } from './catalogue/ids/name-ids.ts';
export type { ForwardedScenarioId } from './catalogue/ids/forwarded-ids.ts';
export type { ReloadScenarioId } from './catalogue/ids/reload-ids.ts';
export type { SpiffeScenarioId } from './catalogue/ids/spiffe-ids.ts';
export type { FlightServerScenarioId } from './catalogue/ids/flight-server-ids.ts';
export type { ProtocolScenarioId } from './catalogue/ids/protocol-ids.ts';
export { allControls, controlOf, type Control, type ControlDocument, type ControlId } from './catalogue/findings/control.ts';
export type { ByScenarioId, ScenarioId } from './catalogue/ids/scenario-id.ts';
export type { Cve, Cwe, Reference, ReferencedDocument, ScenarioSources, Severity } from './catalogue/references.ts';
export type { ScenarioResult } from './records/scenario-result.ts';
export type { ServerFileDamage } from '../pki/files/server-files.ts';
export type {
  AttemptFunction,
  AttemptMaterial,
  ClientCall,
  HostConfiguration,
  PeerToCall,
  ServerConfiguration,
  ServerTarget,
  StartableServer,
  StartedApplication,
  StartedServer,
  StartServer,
} from './run/target.ts';
