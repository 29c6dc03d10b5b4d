import type { StartedTestContainer } from 'testcontainers';
import { MtlsContainer, type MtlsService, type RunningCredential } from '../mtls-container.ts';
import { ping, StartedMtlsKeyValueStore } from './key-value.ts';

/** Redis whose only port speaks TLS to clients with a certificate (`tls-auth-clients yes`). It checks no CRLs: asking for them throws `OPTION_INVALID`. */
export class MtlsRedis extends MtlsContainer<StartedMtlsRedis> {
  /** An image with the entrypoint of Docker's official one. Default `redis:7`. */
  constructor(image = 'redis:7') {
    super(image);
  }

  protected override get service(): MtlsService {
    return {
      port,
      owner: { uid: 999, gid: 999 },
      user: { name: 'redis', entrypoint: ['docker-entrypoint.sh'] },
      command: ['redis-server', '/etc/redis/mtls.conf'],
      folder: 'redis',
      files: { 'mtls.conf': '/etc/redis/mtls.conf' },
      clientName: 'client',
      withoutCrl: 'Redis checks no CRLs',
      attempt: ping,
    };
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsRedis {
    return new StartedMtlsRedis(container, running, port);
  }
}

/** A Redis that runs. */
export class StartedMtlsRedis extends StartedMtlsKeyValueStore {}

const port = 6379;
