// Checked by `npm run types`, never run. A line below `@ts-expect-error` must not compile: if it does, tsc fails.
import type { OutgoingHttpHeaders } from 'node:http';
import { createPki, type Handshake, inspectCertificate } from 'mtls-fixtures';
import { forwardedHeaders, type ForwardedFormat, parseForwardedHeaders } from 'mtls-fixtures/forwarded';

declare const handshake: Handshake;
declare const format: ForwardedFormat;
const alice = createPki().client('alice');

export const forFetch: Headers = new Headers(
  forwardedHeaders(alice, 'nginx', { verified: 'CERT_HAS_EXPIRED', names: { verify: 'X-Verify' } }),
);
export const ofHandshake: Record<string, string> = forwardedHeaders(handshake, 'envoy', { by: 'spiffe://example.test/gw' });
export const ofCertificate: Record<string, string> = forwardedHeaders(inspectCertificate(alice.certificate), 'gcp');
export const ofNone: Record<string, string> = forwardedHeaders(undefined, 'rfc9440');
export const anyFormat: OutgoingHttpHeaders = forwardedHeaders(alice, format);
export const verified: boolean | undefined = parseForwardedHeaders(new Headers(), format, { hops: 2 }).verified;

// @ts-expect-error: a group is a line each
export const groups: Record<string, string> = forwardedHeaders(alice, 'kubernetes-front-proxy');
// @ts-expect-error: of a format that is not known yet there may be lists
export const unknownFormat: Record<string, string> = forwardedHeaders(alice, format);
// @ts-expect-error: a format is one of thirteen
forwardedHeaders(alice, 'iis');
// @ts-expect-error: names go by what they say
forwardedHeaders(alice, 'nginx', { names: { cert: 'X-Client-Cert' } });
// @ts-expect-error: a name alone is not a client
forwardedHeaders('alice', 'nginx');
