import type { StartedTestContainer } from 'testcontainers';
import { MtlsContainer, type MtlsService, type RunningCredential } from '../../mtls-container.ts';
import { getPage, StartedMtlsWebServer } from './web-server.ts';

/**
 * Caddy with `require_and_verify`: it answers every path with the subject of the client's certificate, over HTTP/2 and HTTP/1.1. It checks no CRLs: asking for them throws
 * `OPTION_INVALID`.
 */
export class MtlsCaddy extends MtlsContainer<StartedMtlsCaddy> {
  /** An image with the program `caddy`, version 2.8 or later. Default `caddy:2`. */
  constructor(image = 'caddy:2') {
    super(image);
  }

  protected override get service(): MtlsService {
    return {
      port,
      owner: { uid: 0, gid: 0 },
      command: ['caddy', 'run', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'],
      folder: 'caddy',
      files: { 'mtls.caddyfile': '/etc/caddy/Caddyfile' },
      clientName: 'client',
      withoutCrl: 'Caddy checks no CRLs',
      attempt: getPage('/'),
    };
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsCaddy {
    return new StartedMtlsCaddy(container, running, port);
  }
}

/** A Caddy that runs. */
export class StartedMtlsCaddy extends StartedMtlsWebServer {}

const port = 8443;
