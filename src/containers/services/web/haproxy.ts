import type { StartedTestContainer } from 'testcontainers';
import { MtlsContainer, type MtlsService, type RunningCredential } from '../../mtls-container.ts';
import { getPage, StartedMtlsWebServer } from './web-server.ts';

/** HAProxy with `verify required`: it answers every path with the common name of the client's certificate, over HTTP/2 and HTTP/1.1. */
export class MtlsHaproxy extends MtlsContainer<StartedMtlsHaproxy> {
  /** An image like Docker's official one, version 2.4 or later. Default `haproxy:3.0`. */
  constructor(image = 'haproxy:3.0') {
    super(image);
  }

  protected override get service(): MtlsService {
    return {
      port,
      owner: { uid: 99, gid: 99 }, // the images run as this user from the start
      command: ['haproxy', '-f', '/usr/local/etc/haproxy/haproxy.cfg'],
      environment: this.checksRevocation ? { MTLS_CRL: '1' } : {},
      folder: 'haproxy',
      files: { 'haproxy.cfg': '/usr/local/etc/haproxy/haproxy.cfg' },
      clientName: 'client',
      attempt: getPage('/'),
    };
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsHaproxy {
    return new StartedMtlsHaproxy(container, running, port);
  }
}

/** A HAProxy that runs. */
export class StartedMtlsHaproxy extends StartedMtlsWebServer {}

const port = 8443;
