// #region attempt
import { Agent, request } from 'undici';
import { createPki, startHttpsServer } from 'mtls-fixtures';
import { describeServerUnderTest } from 'mtls-fixtures/vitest';
import { afterAll, beforeAll } from 'vitest';

const pki = createPki();
let port = 0;
let stop: (() => Promise<void>) | undefined;

// Stands for a service that runs elsewhere, in any language, and trusts pki.anchors.
beforeAll(async () => {
  const service = await startHttpsServer((_request, response) => response.end('ok'), { pki });
  port = service.port;
  stop = () => service.close();
});
afterAll(() => stop?.());

describeServerUnderTest(
  'the service, through undici',
  {
    attempt: async (tls) => {
      const agent = new Agent({ connect: tls });
      try {
        const { statusCode, body } = await request(`https://localhost:${port}/`, { dispatcher: agent });
        await body.dump();
        if (statusCode !== 200) throw new Error(`refused with status ${statusCode}`);
      } finally {
        await agent.destroy();
      }
    },
  },
  { pki, stack: 'node', skip: { 'pathlen-exceeded': 'shows how to skip: reported to the owner of the service' } },
);
// #endregion
