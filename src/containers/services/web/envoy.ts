import type { StartedTestContainer } from 'testcontainers';
import { MtlsContainer, type MtlsService, type RunningCredential } from '../../mtls-container.ts';
import { getPage, StartedMtlsWebServer } from './web-server.ts';

/**
 * Envoy with `require_client_certificate`: it answers every path itself, with the subject of the client's certificate in the header `x-client-subject`. A CRL has to be
 * there for every authority of a client's chain; `crl: true` gives them all.
 */
export class MtlsEnvoy extends MtlsContainer<StartedMtlsEnvoy> {
  /** An image that starts Envoy with the arguments it is given, as user 101 or root. Default `envoyproxy/envoy:v1.40-latest`. */
  constructor(image = 'envoyproxy/envoy:v1.40-latest') {
    super(image);
  }

  protected override get service(): MtlsService {
    return {
      port,
      owner: { uid: 101, gid: 101 },
      // Both the entrypoint of the usual image and that of the distroless one put the program before arguments.
      command: ['-c', '/etc/envoy/envoy.yaml'],
      folder: 'envoy',
      files: { [this.checksRevocation ? 'envoy-crl.yaml' : 'envoy.yaml']: '/etc/envoy/envoy.yaml' },
      clientName: 'client',
      attempt: getPage('/'),
    };
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsEnvoy {
    return new StartedMtlsEnvoy(container, running, port);
  }
}

/** An Envoy that runs. */
export class StartedMtlsEnvoy extends StartedMtlsWebServer {}

const port = 8443;
