// #region twice
import { Agent, request } from 'undici';
import type { PeerToCall } from 'mtls-fixtures/scenarios';
import { describeClientUnderTest } from 'mtls-fixtures/vitest';

/** Your client: it lives as long as the program, and is given new certificates on the way. */
class OrdersClient {
  #agent: Agent;

  constructor(tls: PeerToCall['tls']) {
    this.#agent = new Agent({ connect: tls });
  }

  /** A new agent: connections and sessions of the old one belong to the old certificate and the old anchors. */
  reload(tls: PeerToCall['tls']): void {
    void this.#agent.close();
    this.#agent = new Agent({ connect: tls });
  }

  async orders(url: string): Promise<string> {
    const { body } = await request(url, { dispatcher: this.#agent });
    return body.text();
  }
}

let client: OrdersClient | undefined;

describeClientUnderTest(
  'the client that lives on',
  async ({ url, tls, call }) => {
    if (call === 2) client?.reload(tls);
    else client = new OrdersClient(tls);
    await client?.orders(url);
  },
  { stack: 'node' },
);
// #endregion
