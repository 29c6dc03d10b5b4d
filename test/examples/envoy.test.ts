import { MtlsEnvoy } from 'mtls-fixtures/containers';
import { expect, test } from 'mtls-fixtures/vitest';
import { Agent, request } from 'undici';
import { describe } from 'vitest';
import { imageOf, lacksImages } from '../containers/images.ts';

const image = imageOf('envoy');

describe.skipIf(await lacksImages(['envoy']))('Envoy in the cookbook', () => {
  // #region envoy
  test('the proxy accepts no client without a certificate', async ({ pki }) => {
    await using envoy = await new MtlsEnvoy(image).withPki(pki).start();

    const dispatcher = new Agent(envoy.clientOptions(pki.client('alice')));
    const { statusCode, headers, body } = await request(envoy.getUrl(), { dispatcher });
    await body.dump();

    const without = request(envoy.getUrl(), { dispatcher: new Agent(envoy.clientOptions({ ca: pki.anchors })) });

    expect([statusCode, headers['x-client-subject']]).toEqual([200, 'CN=alice']);
    await expect(without).toFailHandshake({ by: 'server', alert: 'certificate_required' });
  });
  // #endregion
});
