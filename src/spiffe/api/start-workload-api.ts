import { openWorkloadApi, type WorkloadApi } from './workload-api.ts';
import { parseWorkloadApi, type WorkloadApiOptions } from './workload-api-options.ts';

/**
 * Starts a SPIFFE Workload API in this process, on a unix socket (mode 0600) in a new folder unless told otherwise. Every caller that reaches it is the workload: start one for each
 * workload. Throws `OPTION_INVALID`, `NAME_INVALID`, `SOCKET_IN_USE` and `PORT_IN_USE`.
 */
export async function startWorkloadApi(options: WorkloadApiOptions): Promise<WorkloadApi> {
  return openWorkloadApi(parseWorkloadApi(options));
}
