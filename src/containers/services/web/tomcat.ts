import type { StartedTestContainer } from 'testcontainers';
import { invalidOption } from '../../../errors/index.ts';
import { decodePem } from '../../../asn1/pem.ts';
import { textList } from '../../../options/checks.ts';
import { encodeTrustStore } from '../../../pki/formats/pkcs12/encode-pkcs12.ts';
import type { ArchivedFile } from '../../material/archive.ts';
import { MtlsContainer, type MtlsService, type RunningCredential } from '../../mtls-container.ts';
import { namedUsers } from '../named-users.ts';
import { getPage, StartedMtlsWebServer } from './web-server.ts';

/**
 * Tomcat with `certificateVerification="required"` and JSSE, over HTTP/2 and HTTP/1.1: it answers `/` and what is copied into its `webapps`. CRLs are checked for every
 * certificate below the anchor.
 */
export class MtlsTomcat extends MtlsContainer<StartedMtlsTomcat> {
  #users: Readonly<Record<string, string | readonly string[]>> | undefined;

  /** An image with Tomcat 10.1 or later in /usr/local/tomcat. Default `tomcat:11`. */
  constructor(image = 'tomcat:11') {
    super(image);
    this.withStartupTimeout(120_000); // Java
  }

  /**
   * Users by the common name of their certificate, which has to be the whole subject, each with its roles; `/` then asks for one of them (`CLIENT-CERT`), and applications may ask
   * for their roles. The valid client is the first. Throws `OPTION_INVALID`.
   */
  withUsers(users: Readonly<Record<string, string | readonly string[]>>): this {
    requireUsers(users);
    this.#users = users;
    return this;
  }

  protected override get service(): MtlsService {
    const [first = 'client'] = Object.keys(this.#users ?? {});
    return {
      port,
      owner: { uid: 0, gid: 0 },
      command: ['catalina.sh', 'run'],
      folder: 'tomcat',
      files: { [this.checksRevocation ? 'server-crl.xml' : 'server.xml']: `${home}/conf/server.xml` },
      clientName: first,
      attempt: getPage('/'),
    };
  }

  protected override moreFiles(): ArchivedFile[] {
    const anchors = decodePem(this.anchors).map(({ der }, at) => ({ certificate: der, name: `anchor ${at + 1}` }));
    const files: Readonly<Record<string, string | Buffer>> = {
      'mtls/ca.p12': encodeTrustStore(anchors, 'changeit'),
      [`${home}/conf/mtls-users.xml`]: usersXml(this.#users ?? {}),
      [`${home}/webapps/ROOT/index.html`]: 'let in\n',
      ...(this.#users && { [`${home}/webapps/ROOT/WEB-INF/web.xml`]: anyUserXml }),
    };
    const owner = { uid: 0, gid: 0 };
    return Object.entries(files).map(([path, content]) => ({ path: path.replace(/^\//u, ''), content, mode: 0o644, owner }));
  }

  protected override started(container: StartedTestContainer, running: RunningCredential): StartedMtlsTomcat {
    return new StartedMtlsTomcat(container, running, port);
  }
}

/** A Tomcat that runs. */
export class StartedMtlsTomcat extends StartedMtlsWebServer {}

/** Its realm compares the whole subject; no certificate needs the password. */
function usersXml(users: Readonly<Record<string, string | readonly string[]>>): string {
  const lines = Object.entries(users).map(
    ([name, roles]) => `  <user username="CN=${name}" password="" roles="${textList(name, roles).join(',')}" />\n`,
  );
  return `<tomcat-users>\n${lines.join('')}</tomcat-users>\n`;
}

function requireUsers(users: unknown): void {
  for (const [name, roles] of namedUsers(users, '[common name]: roles')) {
    if (!word.test(name)) throw invalidOption('users', name, 'names of letters, digits, blanks and . _ @ -');
    for (const role of textList(name, roles as string | readonly string[]))
      // refuses all else
      if (!word.test(role)) throw invalidOption(name, role, 'roles of letters, digits, blanks and . _ @ -');
  }
}

const word = /^[\p{L}\d._@-]+(?: [\p{L}\d._@-]+)*$/u;
const home = '/usr/local/tomcat';
const port = 8443;

/** `**`: any user who is authenticated (Jakarta Servlet 6.1, 13.8). */
const anyUserXml = `<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
  <security-constraint>
    <web-resource-collection><web-resource-name>all</web-resource-name><url-pattern>/*</url-pattern></web-resource-collection>
    <auth-constraint><role-name>**</role-name></auth-constraint>
  </security-constraint>
  <login-config><auth-method>CLIENT-CERT</auth-method></login-config>
</web-app>
`;
