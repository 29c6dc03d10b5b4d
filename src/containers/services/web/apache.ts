import type { StartedTestContainer } from 'testcontainers';
import type { ArchivedFile } from '../../material/archive.ts';
import { MtlsContainer, type MtlsService, type RunningCredential } from '../../mtls-container.ts';
import { getPage, StartedMtlsWebServer } from './web-server.ts';

/** Apache with `SSLVerifyClient require`: it answers every path with the subject of the client's certificate, over HTTP/2 and HTTP/1.1. */
export class MtlsApache extends MtlsContainer<StartedMtlsApache> {
  /** An image with Apache in /usr/local/apache2, its modules as files. Default `httpd:2.4`. */
  constructor(image = 'httpd:2.4') {
    super(image);
  }

  protected override get service(): MtlsService {
    return {
      port,
      owner: { uid: 0, gid: 0 },
      command: ['httpd-foreground', '-f', '/usr/local/apache2/conf/mtls.conf', ...(this.checksRevocation ? ['-D', 'MTLS_CRL'] : [])],
      folder: 'apache',
      files: { 'mtls.conf': '/usr/local/apache2/conf/mtls.conf' },
      clientName: 'client',
      attempt: getPage('/'),
    };
  }

  protected override moreFiles(): ArchivedFile[] {
    const content = '<!--#echo var="SSL_CLIENT_S_DN" encoding="none" -->\n';
    return [{ path: 'usr/local/apache2/mtls/subject.shtml', content, mode: 0o644, owner: { uid: 0, gid: 0 } }];
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsApache {
    return new StartedMtlsApache(container, running, port);
  }
}

/** An Apache that runs. */
export class StartedMtlsApache extends StartedMtlsWebServer {}

const port = 8443;
