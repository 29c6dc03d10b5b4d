import type { Duplex } from 'node:stream';
import { ClearText, type ClearTextPeer } from './clear-text.ts';
import { negotiateFtp } from './ftp.ts';
import { negotiateImap } from './imap.ts';
import { negotiateLdap } from './ldap.ts';
import { negotiateMysql } from './mysql.ts';
import { negotiateNats } from './nats.ts';
import { negotiatePop3 } from './pop3.ts';
import { negotiatePostgres } from './postgres.ts';
import { negotiateSmtp } from './smtp.ts';

/** The protocols in which a client asks for TLS in clear text. `mysql` is MariaDB's, too. */
export type StarttlsProtocol = 'postgres' | 'mysql' | 'smtp' | 'imap' | 'ldap' | 'pop3' | 'ftp' | 'nats';

/** The server that is asked for TLS, and how long that may take. */
export interface StarttlsOptions extends ClearTextPeer {
  readonly protocol: StarttlsProtocol;
}

/**
 * Asks a server in its own protocol to begin TLS. When it resolves, the socket is paused and the next octets on it are TLS; when it rejects,
 * the socket is destroyed. Throws `STARTTLS_REFUSED` where the server does not want TLS, `STARTTLS_FAILED` where it did not come to that.
 */
export async function negotiateStarttls(socket: Duplex, options: StarttlsOptions): Promise<void> {
  const clear = new ClearText(socket, options);
  try {
    await negotiations[options.protocol](clear);
    clear.finish();
  } catch (error) {
    clear.abandon();
    throw error;
  }
}

/** The names of the protocols. */
export function starttlsProtocols(): readonly string[] {
  return Object.keys(negotiations);
}

const negotiations: { readonly [Protocol in StarttlsProtocol]: (clear: ClearText) => Promise<void> } = {
  postgres: negotiatePostgres,
  mysql: negotiateMysql,
  smtp: negotiateSmtp,
  imap: negotiateImap,
  ldap: negotiateLdap,
  pop3: negotiatePop3,
  ftp: negotiateFtp,
  nats: negotiateNats,
};
