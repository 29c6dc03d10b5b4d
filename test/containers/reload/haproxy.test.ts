import { GenericContainer, type StartedTestContainer } from 'testcontainers';
import { describe } from 'vitest';
import { createPki } from '../../../src/index.ts';
import { describeReloadUnderTest, type ReloadMaterial, type ReloadSource } from '../../../src/vitest/index.ts';
import { reloadHaproxy } from '../../interop/reload/haproxy-master.ts';
import { byNewWorkers, rowsBySignal } from '../../interop/reload/process-server.ts';
import { imageOf, lacksImages } from '../images.ts';

let haproxy: StartedTestContainer | undefined;

const source: ReloadSource = {
  start: async (material) => {
    const started = await containerFor(material).start();
    haproxy = started;
    return { host: started.getHost(), port: started.getMappedPort(8443), close: () => started.stop() };
  },
  reload: async () => {
    if (!haproxy) throw new Error('not started');
    const started = haproxy;
    const master = { host: started.getHost(), port: started.getMappedPort(masterPort) };
    await reloadHaproxy(master, () => started.exec(['sh', '-c', 'kill -USR2 1']));
  },
  within: 5000,
};

/** Its own user could not read files of which this process is the owner, in a folder that is mounted. */
function containerFor({ files, trustFile, crlFile }: ReloadMaterial): GenericContainer {
  const start = [
    `ln -s ${files.cert} /tmp/tls.crt && ln -s ${files.key} /tmp/tls.key`, // the key is looked for beside the certificate
    'haproxy -c -f /haproxy.cfg || sleep 1', // of a container that ends at once, Testcontainers awaits the ports for 10 seconds
    `exec haproxy -W -db -S ipv4@:${masterPort} -f /haproxy.cfg`,
  ];
  return new GenericContainer(imageOf('haproxy'))
    .withBindMounts([{ source: files.directory, target: files.directory, mode: 'ro' }])
    .withCopyContentToContainer([{ content: configuration(trustFile, crlFile), target: '/haproxy.cfg' }])
    .withUser(`${process.getuid?.() ?? 0}`)
    .withEntrypoint(['sh', '-c', start.join('\n')])
    .withExposedPorts(8443, masterPort);
}

function configuration(trustFile: string, crlFile: string): string {
  return `
global
  ssl-load-extra-del-ext
  hard-stop-after 5s
  # Hands the listening sockets on: without it, connections that wait to be accepted are lost at a reload.
  stats socket /tmp/admin.sock level admin expose-fd listeners
defaults
  mode http
  timeout connect 5s
  timeout client 20s
  timeout server 5s
frontend service
  bind :8443 ssl crt /tmp/tls.crt ca-file ${trustFile} crl-file ${crlFile} verify required ssl-min-ver TLSv1.2
  http-request return status 200 content-type text/plain string ok
`;
}

describe.skipIf(await lacksImages(['haproxy']))('HAProxy in a container', () => {
  describeReloadUnderTest('reloads at SIGUSR2', source, {
    pki: createPki({ name: 'HAProxy' }),
    only: [...rowsBySignal, 'after-reload-under-load'],
    expected: byNewWorkers,
  });
});

/** Of the master's command line. */
const masterPort = 9999;
