import { randomBytes } from 'node:crypto';
import { type KeyShare, newKeyShare } from '../../hello/key-share.ts';
import { groupName, signatureSchemes } from '../../registry/names.ts';
import type { Incoming } from '../channel/incoming.ts';
import type { EngineCredential } from '../engine-credential.ts';
import type { FlightMessage } from '../flight.ts';
import type { ServerOptions } from '../peer-options.ts';
import type { IssuedSession } from '../server-sessions.ts';
import { suitesOf } from './cipher-suites.ts';
import { finishing } from './client-flight.ts';
import { asksForCertificate, receiveClientFlight } from './client-flight-checks.ts';
import { type AcceptedOffer, acceptOffer } from './client-offer-checks.ts';
import { encodeCertificateRequest, encodeCertificates } from './certificate-messages.ts';
import { encodeServerHello } from './hello.ts';
import { encodeServerKeyExchange, encodeServerParameters, signedByServer } from './key-exchange.ts';
import { encodeNewSessionTicket } from './new-session-ticket.ts';
import { type Peer12, receiveFinished, schemesOf } from './peer12.ts';
import { keepById, newSessionId, resumableSession, sessionLifetimeSeconds, ticketOf } from './server-sessions.ts';
import type { BothVerifyData } from './tls12-rules.ts';

/** What a handshake gives its server. */
export interface ServerResult {
  readonly peerCertificates: readonly Uint8Array[];
  readonly servername: string | undefined;
}

/** Performs one handshake of a connection as its server, from the ClientHello on (RFC 5246 7.3). */
export async function performServerHandshake(
  peer: Peer12<ServerOptions>,
  clientHello: Incoming,
  credential: EngineCredential,
): Promise<ServerResult> {
  const { state } = peer;
  state.credential = credential;
  const offer = acceptOffer(peer, clientHello);
  state.accept(clientHello);
  const session = resumableSession(peer, offer);
  return session ? resume(peer, offer, session) : performInFull(peer, offer);
}

async function performInFull(peer: Peer12<ServerOptions>, offer: AcceptedOffer): Promise<ServerResult> {
  const { state, rules, options } = peer;
  const share = newKeyShare(offer.group) ?? state.channel.fail('the group is not one that the engine knows', 'internal_error');
  const id = newSessionId(options, offer);
  agree(peer, offer, false);
  state.agreed = { ...state.agreed, group: groupName(offer.group) };
  await state.sendFlight('server', serverFlight(peer, offer, { share, id }));
  const peerCertificates = await receiveClientFlight(peer, share);
  const isTicketed = options.tickets === true && offer.ticket !== undefined;
  await state.sendFlight('server-final', [...(isTicketed ? [newTicket(peer, offer, peerCertificates)] : []), ...finishing]);
  rules.finish();
  keepById(peer, id, { offer, clientCertificates: peerCertificates });
  return { peerCertificates, servername: offer.servername };
}

async function resume(peer: Peer12<ServerOptions>, given: AcceptedOffer, session: IssuedSession): Promise<ServerResult> {
  const { state, rules } = peer;
  const { clientCertificates: peerCertificates } = session;
  const suite = suitesOf(peer.options).find(({ name }) => name === session.cipherSuite) ?? given.suite; // it is there: the session was found by it
  const offer = { ...given, suite, extended: session.extendedMasterSecret === true };
  const issuesTicket = offer.ticket !== undefined;
  agree(peer, offer, true);
  rules.resume(session.version === 'TLSv1.2' ? session.secret : noMasterSecret);
  await state.sendFlight('server', [
    serverHello(peer, offer, { id: offer.sessionId, issuesTicket }),
    ...(issuesTicket ? [newTicket(peer, offer, peerCertificates)] : []),
    ...finishing,
  ]);
  rules.changeRead(await state.expect('change_cipher_spec'));
  await receiveFinished(peer);
  rules.finish();
  return { peerCertificates, servername: offer.servername };
}

function agree({ state, rules }: Peer12, { suite, extended, random, alpnProtocol }: AcceptedOffer, resumed: boolean): void {
  rules.agreed = { suite, extended, randoms: { clientRandom: random, serverRandom: randomBytes(32) } };
  state.agreed = {
    cipherSuite: suite.name,
    resumed,
    extendedMasterSecret: extended,
    ...(alpnProtocol !== undefined && { alpnProtocol }),
  };
}

/** From ServerHello to ServerHelloDone. */
function serverFlight(
  peer: Peer12<ServerOptions>,
  offer: AcceptedOffer,
  { share, id }: { readonly share: KeyShare; readonly id: Buffer },
): readonly FlightMessage[] {
  const { state, options } = peer;
  return [
    serverHello(peer, offer, { id, issuesTicket: options.tickets === true && offer.ticket !== undefined }),
    { name: 'certificate', body: () => encodeCertificates(state.credential?.certificates ?? []) },
    serverKeyExchange(peer, encodeServerParameters(offer.group, share.publicKey)),
    ...(asksForCertificate(peer) ? [certificateRequest(peer)] : []),
    { name: 'server_hello_done', body: () => Buffer.alloc(0) },
  ];
}

function serverHello(
  { rules }: Peer12,
  { suite, extended, alpnProtocol, isSecure }: AcceptedOffer,
  { id, issuesTicket }: { readonly id: Uint8Array; readonly issuesTicket: boolean },
): FlightMessage {
  const body = (): Buffer =>
    encodeServerHello({
      random: rules.agreed?.randoms.serverRandom ?? randomBytes(32),
      sessionId: id,
      cipherSuite: suite.number,
      alpnProtocol,
      issuesTicket,
      extendedMasterSecret: extended,
      renegotiationInfo: isSecure ? renegotiationInfo(rules.completed) : undefined,
    });
  return { name: 'server_hello', body };
}

function renegotiationInfo(completed: BothVerifyData | undefined): Buffer {
  return completed ? Buffer.concat([completed.client, completed.server]) : Buffer.alloc(0);
}

function serverKeyExchange({ rules }: Peer12, parameters: Buffer): FlightMessage {
  const body: FlightMessage['body'] = (context) => {
    const content = signedByServer(rules.agreed?.randoms ?? noRandoms, parameters);
    const scheme = context.signatureScheme();
    return encodeServerKeyExchange({ parameters, scheme: signatureSchemes[scheme], signature: context.sign({ scheme, content }) });
  };
  return { name: 'server_key_exchange', body };
}

function certificateRequest({ state, options }: Peer12<ServerOptions>): FlightMessage {
  const schemes = schemesOf(state).map((scheme) => signatureSchemes[scheme]);
  return { name: 'certificate_request', body: () => encodeCertificateRequest({ schemes, authorities: options.authorities ?? [] }) };
}

function newTicket(peer: Peer12, offer: AcceptedOffer, certificates: readonly Uint8Array[]): FlightMessage {
  const body = (): Buffer =>
    encodeNewSessionTicket({ lifetimeSeconds: sessionLifetimeSeconds, ticket: ticketOf(peer, offer, certificates) });
  return { name: 'new_session_ticket', body };
}

/** Of a session of TLS 1.3, which a server takes that does not look at the version. */
const noMasterSecret = Buffer.alloc(48);
const noRandoms = { clientRandom: Buffer.alloc(32), serverRandom: Buffer.alloc(32) };
