import type tls from 'node:tls';
import type { Capture } from '../wire/capture.ts';
import { clientHelloOf, serverHelloOf } from '../wire/hello.ts';
import { recordsOf } from '../wire/tls-record.ts';
import type { SessionFacts } from './end-report.ts';

/** What was agreed on: from the TLS engine once it knows, else from the hellos on the wire. */
export function sessionFacts(tlsSocket: tls.TLSSocket | undefined, capture: Capture): SessionFacts {
  const records = recordsOf(capture.chunks);
  const serverHello = serverHelloOf(records);
  const clientHello = clientHelloOf(records);
  // Before a version is agreed on, the engine names the highest it would take: only a ServerHello makes it a fact.
  const protocol = serverHello?.version;
  const cipher = serverHello && tlsSocket?.getCipher()?.name;
  const alpn = tlsSocket?.alpnProtocol;
  return {
    ...(protocol !== undefined && { protocol }),
    ...(cipher !== undefined && { cipher }),
    ...(serverHello?.group !== undefined && { group: serverHello.group }),
    ...(typeof alpn === 'string' && { alpn }),
    ...(clientHello?.servername !== undefined && { servername: clientHello.servername }),
    resumed: serverHello ? (tlsSocket?.isSessionReused() ?? false) : false,
  };
}
