import type { StartedTestContainer } from 'testcontainers';
import { MtlsContainer, type MtlsService, type RunningCredential } from '../../mtls-container.ts';
import { getPage, StartedMtlsWebServer } from './web-server.ts';

/**
 * nginx with `ssl_verify_client on`: it answers every path with the subject of the client's certificate. Clients that it rejects complete their handshake and get
 * status 400.
 */
export class MtlsNginx extends MtlsContainer<StartedMtlsNginx> {
  /** An image with nginx's configuration in /etc/nginx. Default `nginx:1`. */
  constructor(image = 'nginx:1') {
    super(image);
  }

  protected override get service(): MtlsService {
    return {
      port,
      owner: { uid: 0, gid: 0 },
      command: ['nginx', '-g', 'daemon off;'],
      folder: 'nginx',
      files: {
        'mtls.conf': '/etc/nginx/conf.d/mtls.conf',
        ...(this.checksRevocation && { 'crl.conf': '/etc/nginx/mtls.d/crl.conf' }),
      },
      clientName: 'client',
      attempt: getPage('/'),
    };
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsNginx {
    return new StartedMtlsNginx(container, running, port);
  }
}

/** An nginx that runs. */
export class StartedMtlsNginx extends StartedMtlsWebServer {}

const port = 8443;
