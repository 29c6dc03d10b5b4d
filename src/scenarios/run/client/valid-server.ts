import { refusesVersion } from '../../assess/version-refused.ts';
import { legitimateServer } from '../../catalogue/authorization.ts';
import type { CallSettings } from '../run-settings.ts';
import { type Refusal, refusalIn, type ValidPeerTried } from '../server/valid-client.ts';
import type { ClientCall } from '../target.ts';
import { callServer } from './call-server.ts';

/** Lets the client under test call a valid server: undefined when it is trusted. */
export async function refusalOfValidServer(call: ClientCall, settings: CallSettings): Promise<Refusal | undefined> {
  return refusalIn(await callValidServer(call, settings));
}

/** The same, and whether the client refused the version of TLS. */
export async function tryValidServer(call: ClientCall, settings: CallSettings): Promise<ValidPeerTried> {
  const observation = await callValidServer(call, settings);
  const refusal = refusalIn(observation);
  const { handshake } = observation;
  return { refusal, handshake, refusesVersion: refusal?.handshake !== undefined && refusesVersion(refusal.handshake) };
}

function callValidServer(call: ClientCall, settings: CallSettings): ReturnType<typeof callServer> {
  const { pki } = settings;
  return callServer(call, { identity: legitimateServer(pki, settings.authorizes), host: 'localhost', trust: pki.anchors }, settings);
}

/**
 * Whether a client passes the name on that it is to verify: false where it refused a server that is valid for the `tls.servername` it was given, and did not ask for that
 * name on the wire. True where that cannot be determined.
 */
export async function takesServername(call: ClientCall, settings: CallSettings): Promise<boolean> {
  const { pki } = settings;
  if (pki.permitted !== undefined) return true;
  const valid = { identity: pki.server({ dns: otherName, ip: [] }), host: otherName, trust: pki.anchors };
  const observation = await callServer(call, valid, settings);
  const { handshake } = observation;
  return !handshake || handshake.servername === otherName || refusalIn(observation) === undefined;
}

const otherName = 'another-name.mtls-fixtures.test';
