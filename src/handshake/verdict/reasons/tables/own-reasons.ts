import { cut } from '../../fitted-text.ts';
import type { ReasonRow, Rows } from '../reason-row.ts';
import { messageOf, type Refusal } from '../refusal.ts';
import { leafOf, quoted } from '../wording.ts';

/** Reasons that this library gives where no engine has one. */
export const ownReasons = {
  APPLICATION_VERIFICATION: {
    next: (refusal) =>
      `TLS itself verified ${leafOf(refusal)}; the ${refusal.judge}'s own check (verifyPeer, checkServerIdentity) refused it${said(refusal)}: present a certificate that it allows, or change the check`,
  },
  CERTIFICATE_UNREADABLE: {
    next: (refusal) =>
      `TLS itself verified ${leafOf(refusal)}, but this library cannot read it, so the ${refusal.judge}'s verifyPeer was not asked: look at it by openssl asn1parse, or decide without verifyPeer`,
  },
  HANDSHAKE_TIMEOUT: {
    next: (refusal) =>
      `the server's handshake timeout ran out: the client connected and ${progress(refusal)}; look at what the client waits for`,
  },
  SERVER_CLOSED: {
    next: (refusal) =>
      `the server was closed while the handshake was under way (the client had ${progress(refusal)}): await the handshake before server.close()`,
  },
  DESTROYED_BY_SERVER: {
    next: (refusal) =>
      `the server's own code ended the connection before the handshake was complete${said(refusal)}: look at its "connection" listener, SNICallback, ALPNCallback and pskCallback`,
  },
} as const satisfies Rows<ReasonRow>;

function said({ handshake: { detail } }: Refusal): string {
  return detail === undefined || detail === '' ? '' : ` (${cut(detail, 100)})`;
}

/** The next step for a code that an error of the application's own had, in place of a reason that is known here. */
export function applicationReason(refusal: Refusal): string {
  return `the ${refusal.judge}'s own code refused ${leafOf(refusal)} with the code ${quoted(refusal.reason ?? '')}${said(refusal)}: look at its checkServerIdentity, or what else looks at certificates there`;
}

/** How far the client came. */
function progress({ handshake }: Refusal): string {
  const last = handshake.messages.findLast(({ sentBy, type }) => sentBy === 'client' && type !== 'end_of_stream');
  if (!last) return 'sent nothing';
  return last.type === 'client_hello' && !messageOf(handshake, 'server', 'server_hello')
    ? 'sent a ClientHello that the server has not answered'
    : `sent ${last.type} last`;
}
