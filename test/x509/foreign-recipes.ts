import path from 'node:path';
import type { Tool } from '../interop/judges.ts';

/** How a tool makes an identity for localhost: shell commands that leave `cert.pem`, `key.pem` and `ca.pem` in the current folder. */
export interface Recipe {
  readonly title: string;
  readonly commands: string;
  /** Of an encrypted key. */
  readonly passphrase?: string;
}

/** Where the packages of Debian are; the first python3 may be another. */
const debiansPython = '/usr/bin/python3';
const goProgram = path.join(import.meta.dirname, '../../fixtures/foreign/make/main.go');

/** By the judge that has to be there. */
export const recipes: readonly (readonly [Tool, ...(readonly Recipe[])])[] = [
  [
    'openssl',
    openssl('a PKCS#8 key of P-256', 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem'),
    openssl('a SEC1 key after its parameters', 'openssl ecparam -name secp384r1 -genkey -out key.pem'),
    openssl('a SEC1 key with a compressed point', 'openssl ecparam -name prime256v1 -genkey -noout -conv_form compressed -out key.pem'),
    openssl('a PKCS#1 key', 'openssl genrsa -traditional -out key.pem 2048'),
    openssl('a key of Ed25519', 'openssl genpkey -algorithm ED25519 -out key.pem'),
    openssl('a key of RSA-PSS', 'openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out key.pem'),
    openssl('an encrypted PKCS#8 key', 'openssl genpkey -algorithm RSA -aes-256-cbc -pass pass:secret -out key.pem', 'secret'),
    openssl(
      'an encrypted SEC1 key with headers',
      'openssl ecparam -name prime256v1 -genkey -noout | openssl ec -aes128 -passout pass:secret -out key.pem',
      'secret',
    ),
  ],
  [
    'certtool',
    certtool('a key after its description', '--outfile key.pem'),
    certtool('an encrypted key', '--pkcs8 --password secret --outfile key.pem', 'secret'),
  ],
  [
    'go',
    {
      title: 'a key of crypto/x509',
      commands: `GO111MODULE=off GOFLAGS=-mod=mod GOCACHE="$PWD/cache" go run '${goProgram}' identity`,
    },
  ],
  [
    'keytool',
    {
      title: 'an entry of a keystore, by way of openssl',
      commands: `
        store="-keystore store.p12 -storepass changeit -storetype PKCS12"
        keytool -genkeypair $store -alias ca -dname 'CN=Java root' -keyalg EC -groupname secp256r1 -ext bc:c
        keytool -genkeypair $store -alias leaf -dname 'CN=Java leaf' -keyalg RSA -keysize 2048
        keytool -certreq $store -alias leaf | keytool -gencert -rfc $store -alias ca -ext san=dns:localhost -ext eku=sa,ca >leaf.pem
        keytool -exportcert -rfc $store -alias ca >ca.pem
        cat leaf.pem ca.pem | keytool -importcert -noprompt $store -alias leaf
        keytool -importkeystore -srckeystore store.p12 -srcstorepass changeit -srcalias leaf -destkeystore leaf.p12 -deststoretype PKCS12 -deststorepass changeit
        openssl pkcs12 -in leaf.p12 -passin pass:changeit -nodes -nocerts -out key.pem
        openssl pkcs12 -in leaf.p12 -passin pass:changeit -clcerts -nokeys -out cert.pem`,
    },
  ],
  [
    'nss',
    {
      title: 'a certificate and key of a database, by way of openssl',
      commands: `
        head -c 64 /dev/urandom >noise; echo password >password
        certutil -N -d . -f password
        printf 'y\\n\\ny\\n' | certutil -S -d . -f password -z noise -n ca -s 'CN=NSS root' -x -t C,C,C -k rsa -g 2048 -m 1 -2
        certutil -S -d . -f password -z noise -n leaf -s 'CN=NSS leaf' -c ca -t ,, -k ec -q nistp256 -m 2 --extKeyUsage serverAuth,clientAuth --extSAN dns:localhost
        certutil -L -d . -n ca -a >ca.pem
        certutil -L -d . -n leaf -a >cert.pem
        pk12util -o leaf.p12 -n leaf -d . -k password -W secret
        openssl pkcs12 -in leaf.p12 -passin pass:secret -nodes -nocerts -out key.pem || openssl pkcs12 -legacy -in leaf.p12 -passin pass:secret -nodes -nocerts -out key.pem`,
    },
  ],
];

/** By the command that tells whether the tool is there, and Debian's package. */
export const furtherRecipes: readonly (readonly [command: string, debianPackage: string, Recipe])[] = [
  ['mkcert -version', 'mkcert', { title: 'a client certificate', commands: mkcert('-client') }],
  ['mkcert -version', 'mkcert', { title: 'a client certificate of ECDSA', commands: mkcert('-client -ecdsa') }],
  [
    `${debiansPython} -c 'import trustme'`,
    'python3-trustme',
    {
      title: 'a certificate',
      commands: `${debiansPython} -m trustme -q -i localhost; mv client.pem ca.pem; mv server.pem cert.pem; mv server.key key.pem`,
    },
  ],
];

/** What mkcert makes without being told otherwise is for servers alone. */
export const mkcertServer: Recipe = { title: 'a server certificate of mkcert', commands: mkcert('') };

function openssl(title: string, makeKey: string, passphrase?: string): Recipe {
  const passin = passphrase === undefined ? '' : `-passin pass:${passphrase}`;
  const commands = `
    printf '[req]\\ndistinguished_name=dn\\n[dn]\\n[leaf]\\nsubjectAltName=DNS:localhost\\nextendedKeyUsage=serverAuth,clientAuth\\n' >leaf.cnf
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -subj '/CN=OpenSSL root' -days 2 -out ca.pem
    ${makeKey}
    openssl req -new -key key.pem ${passin} -subj '/CN=OpenSSL leaf' -config leaf.cnf -out leaf.csr
    openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile leaf.cnf -extensions leaf -days 1 -text -out cert.pem`;
  return { title, commands, ...(passphrase !== undefined && { passphrase }) };
}

function certtool(title: string, output: string, passphrase?: string): Recipe {
  const password = passphrase === undefined ? '' : `--password ${passphrase}`;
  const commands = `
    printf '%s\\n' 'cn = "GnuTLS root"' ca cert_signing_key 'expiration_days = 2' >ca.tmpl
    printf '%s\\n' 'cn = "GnuTLS leaf"' 'dns_name = localhost' tls_www_server tls_www_client signing_key 'expiration_days = 1' >leaf.tmpl
    certtool --generate-privkey --key-type ecdsa --curve secp256r1 --outfile ca.key
    certtool --generate-self-signed --load-privkey ca.key --template ca.tmpl --outfile ca.pem
    certtool --generate-privkey --key-type rsa --bits 2048 ${output}
    certtool --generate-certificate --load-privkey key.pem ${password} --load-ca-certificate ca.pem --load-ca-privkey ca.key --template leaf.tmpl --outfile cert.pem`;
  return { title, commands, ...(passphrase !== undefined && { passphrase }) };
}

function mkcert(options: string): string {
  return `CAROOT="$PWD" mkcert ${options} -cert-file cert.pem -key-file key.pem localhost 127.0.0.1 ::1; cp rootCA.pem ca.pem`;
}
