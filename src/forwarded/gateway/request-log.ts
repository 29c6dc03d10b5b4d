import type { GatewayRequest } from './gateway.ts';

/** A request that is under way: what is known of it changes until its answer is complete. */
export type OpenRequest = { -readonly [Fact in keyof GatewayRequest]: GatewayRequest[Fact] };

/** The requests of one gateway in the order in which they came: remembers the last `maxRequests`. */
export class RequestLog {
  readonly #maxRequests: number;
  readonly #requests: OpenRequest[] = [];

  constructor(maxRequests: number) {
    this.#maxRequests = maxRequests;
  }

  get all(): readonly GatewayRequest[] {
    return [...this.#requests];
  }

  add(request: OpenRequest): OpenRequest {
    this.#requests.push(request);
    if (this.#requests.length > this.#maxRequests) this.#requests.shift();
    return request;
  }
}
