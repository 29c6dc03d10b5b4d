// #region respond
import { Agent, request } from 'undici';
import { describeClientUnderTest } from 'mtls-fixtures/vitest';

interface Order {
  readonly id: number;
}

/** Your client: it takes nothing but the JSON of its API. */
async function fetchOrders(api: string, dispatcher: Agent): Promise<readonly Order[]> {
  const { statusCode, body } = await request(`${api}v1/orders`, { dispatcher });
  const answer = (await body.json()) as { readonly orders?: readonly Order[] };
  if (statusCode !== 200 || !answer.orders) throw new Error(`no orders, status ${statusCode}`);
  return answer.orders;
}

describeClientUnderTest(
  'the client of the API',
  async ({ url, tls }) => {
    const agent = new Agent({ connect: tls, headersTimeout: 3000, connectTimeout: 3000 });
    try {
      await fetchOrders(url, agent);
    } finally {
      await agent.destroy();
    }
  },
  { stack: 'node', respond: { orders: [{ id: 1 }] } },
);
// #endregion
