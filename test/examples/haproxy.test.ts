import { createPki } from 'mtls-fixtures';
import { MtlsHaproxy } from 'mtls-fixtures/containers';
import { expect, test } from 'mtls-fixtures/vitest';
import { Agent, request } from 'undici';
import { describeWithImages, imageOf } from '../containers/images.ts';

const image = imageOf('haproxy');

await describeWithImages('the cookbook of HAProxy', ['haproxy'], () => {
  test('HAProxy', async () => {
    // #region haproxy
    const pki = createPki();
    await using haproxy = await new MtlsHaproxy(image).withPki(pki).start();

    const dispatcher = new Agent(haproxy.clientOptions(pki.client('alice')));
    const { body } = await request(haproxy.getUrl(), { dispatcher });
    expect(await body.text()).toBe('CN=alice\n');

    const anonymous = new Agent(haproxy.clientOptions({ ca: pki.anchors }));
    const refused = request(haproxy.getUrl(), { dispatcher: anonymous });
    await expect(refused).toFailHandshake({ by: 'server', alert: 'certificate_required' });

    await Promise.all([dispatcher.destroy(), anonymous.destroy()]);
    // #endregion
  });
});
