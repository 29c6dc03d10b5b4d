import '../errors/check-runtime.ts';
export { startWorkloadApi } from './api/start-workload-api.ts';
export type { EntitleOptions } from './api/entitlements.ts';
export type { FederatedDomain } from './api/federation.ts';
export type { MessageDamage } from './api/message-damage.ts';
export type { StreamMethod, UnaryMethod, WorkloadApiStatus } from './api/service.ts';
export type { WorkloadApi, WorkloadApiRequest } from './api/workload-api.ts';
export type { WorkloadApiOptions } from './api/workload-api-options.ts';
export { assertSvid } from './svid-rules.ts';
export {
  startSvidSource,
  type SvidSource,
  type SvidSourceOptions,
  type SvidServerOptions,
  type SvidTlsOptions,
} from './source/svid-source.ts';
export type { AuthorizeId } from './source/peer-rules.ts';
