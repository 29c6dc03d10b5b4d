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

/** Erlang's ssl, Ruby's openssl, Perl's IO::Socket::SSL and PHP's streams. */
export const erlang: Language = script('escript', 'erlang', 'peer.escript');
export const ruby: Language = script('ruby', 'ruby', 'peer.rb');
export const perl: Language = script('perl', 'perl', 'peer.pl');
export const php: Language = script('php', 'php', 'peer.php');

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

/** One program for both sides, which an interpreter runs. */
function script(interpreter: string, stack: string, file: string): Language {
  return { command: (program) => Promise.resolve([interpreter, path.join(sourceOf(stack), file), program]), credentialFields: pemFields };
}
