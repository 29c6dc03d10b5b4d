import { deferred } from '../../clock/deferred.ts';
import type { GatewayRequest } from '../../forwarded/gateway/gateway.ts';
import { requestJson, requestLine } from '../output/request-line.ts';
import { print, printWords } from '../output/terminal.ts';

/** Prints requests, a line each. */
export class PrintedRequests {
  readonly #json: boolean;
  readonly #count: number;
  readonly #printed = deferred<undefined>();
  #seen = 0;

  constructor({ count = Number.POSITIVE_INFINITY, json }: { readonly count?: number; readonly json?: true }) {
    this.#count = count;
    this.#json = json === true;
  }

  /** Resolves once `count` requests were printed. */
  get printed(): Promise<undefined> {
    return this.#printed.promise;
  }

  print(request: GatewayRequest): void {
    if (this.#seen >= this.#count) return;
    this.#seen += 1;
    if (this.#json) print(requestJson(request));
    else printWords(requestLine(request));
    if (this.#seen === this.#count) this.#printed.resolve(undefined);
  }
}
