import path from 'node:path';
import { fetchedProgram, outputOf, rustlsManifest } from '../judges.ts';
import { type Language, languageOfC, pemFields, sourceOf } from './programs.ts';

/** Go's crypto/tls. */
export const go: Language = {
  async command(program, folder) {
    const built = path.join(folder.path, program);
    await outputOf('go', ['build', '-o', built, path.join(sourceOf(`go-${program}`), 'main.go')], { env: { GO111MODULE: 'off' } });
    return [built];
  },
  credentialFields: pemFields,
};

/** Java's JSSE. */
export const java: Language = {
  command: (program) => Promise.resolve(['java', quickStart, path.join(sourceOf(`java-${program}`), sources[program])]),
  credentialFields: (identity, folder) => [folder.write('identity.p12', identity.pkcs12('secret')), 'secret'],
};

/** Python's ssl. */
export const python: Language = {
  command: (program) => Promise.resolve(['python3', path.join(sourceOf(`python-${program}`), `${program}.py`)]),
  credentialFields: pemFields,
};

/** wolfSSL, Mbed TLS and NSS, in C. */
export const wolfssl: Language = languageOfC('wolfssl', ['-lwolfssl']);
export const mbedtls: Language = languageOfC('mbedtls', ['-lmbedtls', '-lmbedx509', '-lmbedcrypto']);
export const nss: Language = languageOfC('nss', ['-I/usr/include/nss', '-I/usr/include/nspr', '-lssl3', '-lnss3', '-lnssutil3', '-lnspr4']);

/** Erlang's ssl. */
export const erlang: Language = {
  command: (program) => Promise.resolve(['escript', path.join(sourceOf('erlang'), 'peer.escript'), program]),
  credentialFields: pemFields,
};

/** Ruby's openssl, Perl's IO::Socket::SSL and PHP's streams. */
export const ruby: Language = {
  command: (program) => Promise.resolve(['ruby', path.join(sourceOf('ruby'), 'peer.rb'), program]),
  credentialFields: pemFields,
};
export const perl: Language = {
  command: (program) => Promise.resolve(['perl', path.join(sourceOf('perl'), 'peer.pl'), program]),
  credentialFields: pemFields,
};
export const php: Language = {
  command: (program) => Promise.resolve(['php', path.join(sourceOf('php'), 'peer.php'), program]),
  credentialFields: pemFields,
};

/** rustls, built once for this machine. */
export const rustls: Language = {
  async command(program) {
    const target = fetchedProgram('rustls-peer');
    const args = ['build', '--quiet', '--release', '--offline', '--manifest-path', rustlsManifest, '--target-dir', target];
    await outputOf('cargo', args, { timeout: 600_000 });
    return [path.join(target, 'release', 'peer'), program];
  },
  credentialFields: pemFields,
};

const sources = { client: 'Client.java', server: 'Server.java' } as const;
/** The JVM does not live long enough for its second compiler to pay. */
const quickStart = '-XX:TieredStopAtLevel=1';
