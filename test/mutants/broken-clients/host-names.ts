import { isIP } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { domainToASCII } from 'node:url';
import { axiosClient, http2Client, httpsClient, tlsClient, undiciFetch, undiciRequest } from '../correct-clients.ts';
import type { ClientUse, Mutant } from '../mutant.ts';

/** Clients that compare the name of the server by themselves. */
export const brokenHostNames: readonly Mutant<ClientUse>[] = [
  {
    name: 'https: a part of the alternative names',
    mistake: 'It looks for the host in the text of the alternative names.',
    within: { group: 'names' },
    caughtBy: ['wrong-host-parent', 'san-injected-text', 'san-uri-host'],
    call: httpsClient(identity((host, { subjectaltname = '' }) => subjectaltname.includes(host))),
  },
  {
    name: 'tls: the end of the name',
    mistake: 'It compares the end of the names, so that subdomains fit.',
    within: { group: 'names' },
    caughtBy: ['wrong-host-parent'],
    call: tlsClient(identity((host, certificate) => namesOf(certificate).some((name) => name.endsWith(host)))),
  },
  {
    name: 'http2: the end of the host',
    mistake: 'It takes a name for all that is below it.',
    within: { group: 'names' },
    caughtBy: ['wrong-host-subdomain'],
    call: http2Client(identity((host, certificate) => namesOf(certificate).some((name) => name !== '' && host.endsWith(name)))),
  },
  {
    name: 'undici fetch: a wildcard for all below',
    mistake: 'It takes a wildcard for any number of labels.',
    within: { group: 'names' },
    caughtBy: ['wildcard-multi-label'],
    call: undiciFetch(
      identity((host, certificate) =>
        namesOf(certificate).some((name) => name === host || (name.startsWith('*.') && host.endsWith(name.slice(1)))),
      ),
    ),
  },
  {
    name: 'axios: the common name',
    mistake: 'It compares the common name, although there are alternative names.',
    within: { group: 'names' },
    caughtBy: ['cn-matches-san-differs'],
    call: axiosClient(identity((host, certificate) => certificate.subject?.CN === host || namesOf(certificate).includes(host))),
  },
  {
    name: 'undici request: addresses not compared',
    mistake: 'It compares names, and lets addresses be.',
    within: { group: 'names' },
    caughtBy: ['ip-san-mismatch', 'ip-cn-only', 'wildcard-matches-ip'],
    call: undiciRequest(identity((host, certificate) => /^[\d.]+$/u.test(host) || namesOf(certificate).includes(host))),
  },
  {
    name: 'https: the name that the server says',
    mistake: 'It compares the certificate with a name that it takes from the certificate.',
    within: { group: 'names' },
    caughtBy: ['wrong-host', 'wrong-host-parent'],
    call: httpsClient(identity((_host, certificate) => namesOf(certificate).includes(namesOf(certificate)[0] ?? ''))),
  },
  {
    name: 'tls: any kind of alternative name',
    mistake: 'It compares the host with URI and e-mail names as well.',
    within: { group: 'names' },
    caughtBy: ['san-uri-host'],
    call: tlsClient(
      identity((host, { subjectaltname = '' }) =>
        subjectaltname.split(', ').some((name) => name.replace(/^[^:]+:(?:[a-z]+:\/\/)?/u, '').split('/')[0] === host),
      ),
    ),
  },
  {
    name: 'tls: an address in another spelling is a host name',
    mistake: 'It maps the host to ASCII, and asks whether it is an address before that (as CVE-2026-105483 and CVE-2026-106069).',
    stack: 'openssl', // which says nothing of spellings: Node.js is known for this mistake
    isNarrow: true,
    caughtBy: ['ip-host-fullwidth-digits', 'ip-host-leading-zero'],
    call: tlsClient(
      identity((host, certificate) =>
        isIP(host) === 0 ? namesOf(certificate, 'DNS').includes(domainToASCII(host)) : namesOf(certificate, 'IP Address').includes(host),
      ),
    ),
  },
  {
    name: 'tls: labels before Unicode dots',
    mistake: 'It compares label by label, and takes only the ASCII dot for the end of a label (as CVE-2026-48618).',
    isNarrow: true,
    caughtBy: ['wildcard-unicode-dot'],
    call: tlsClient(
      identity((host, certificate) =>
        namesOf(certificate).some((name) =>
          name.startsWith('*.') ? host.split('.').slice(1).join('.') === name.slice(2) : name === domainToASCII(host),
        ),
      ),
    ),
  },
];

function identity(fits: (host: string, certificate: PeerCertificate) => boolean): Parameters<typeof httpsClient>[0] {
  return () => ({
    checkServerIdentity: (host, certificate) =>
      fits(host, certificate)
        ? undefined
        : Object.assign(new Error(`"${host}" is not a name of the certificate`), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
  });
}

/** DNS names, and addresses. */
function namesOf({ subjectaltname = '' }: PeerCertificate, kind?: 'DNS' | 'IP Address'): readonly string[] {
  return subjectaltname.split(', ').flatMap((name) => {
    const [, own, value = ''] = /^(DNS|IP Address):(.*)$/u.exec(name) ?? [];
    return own === undefined || (kind ?? own) !== own ? [] : [value];
  });
}
