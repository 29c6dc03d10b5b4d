import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { encodePem } from '../../asn1/pem.ts';
import type { Identity } from '../../pki/identity.ts';
import type { LeafOptions } from '../../pki/leaf-options.ts';
import { usualNames } from '../../pki/permitted.ts';
import { createPki, type Pki } from '../../pki/pki.ts';
import { clientScenarios, serverScenarios } from '../../scenarios/catalogue/catalogue.ts';
import { namesNotPermitted } from '../../scenarios/run/permitted-names.ts';
import { describeOutcome } from '../../scenarios/records/scenario-result.ts';
import type { CredentialScenario, ScenarioTier } from '../../scenarios/catalogue/scenario.ts';
import { selectScenarios } from '../../scenarios/catalogue/select-scenarios.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { interruptible } from '../output/interruption.ts';
import { writeError } from '../../errors/index.ts';
import { writeNewFile } from '../../pki/files/new-file.ts';
import { openEmptyFolder } from '../output/new-files.ts';
import { print } from '../output/terminal.ts';
import { pkiFile } from './pki-folder.ts';
import { type PkiReadme, pkiReadme, type WrittenScenario } from './pki-readme.ts';

/** Options of `mtls-fixtures pki`. */
export interface PkiCommandOptions {
  readonly name?: string;
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly permit?: readonly string[];
  readonly client: string;
  readonly days: number;
  readonly password: string;
  readonly tier: readonly ScenarioTier[];
  readonly json?: true;
}

/** Writes a PKI and everything of it to a new or empty folder of mode 0700: keys 0600. Throws `FILE_EXISTS` before it writes anything, and `WRITE_FAILED`, of which nothing is left. */
export async function writePki(directory: string, options: PkiCommandOptions): Promise<ExitCode> {
  const { name, days, tier, permit, json } = options;
  const scenarios = [clientScenarios, serverScenarios].flatMap((all) => selectScenarios<CredentialScenario>(all, { tiers: tier }));
  const pki = createPki({ validFor: days * 86_400_000, ...(name !== undefined && { name }), ...(permit && { permitted: permit }) });
  // Before anything is written: its names may be none that are permitted.
  const [server, client] = [pki.server(serverNames(options)), pki.client(options.client)];
  const folder = openEmptyFolder(directory);

  try {
    const written = await interruptible(folder.clear, () => writeAll(new Folder(folder.path), { pki, server, client, scenarios, options }));
    const { readme, ...files } = written;
    print(json ? JSON.stringify({ readme, ...files }, null, 2) : summary(files, readme), folder.clear);
  } catch (error) {
    folder.clear(); // an incomplete PKI would block the next run
    throw error;
  }
  return exitCodes.asExpected;
}

interface Contents {
  readonly pki: Pki;
  readonly server: Identity;
  readonly client: Identity;
  readonly scenarios: readonly CredentialScenario[];
  readonly options: PkiCommandOptions;
}

async function writeAll(
  folder: Folder,
  { pki, server, client, scenarios, options: { password, permit } }: Contents,
): Promise<PkiReadme & { readonly readme: string }> {
  const first = {
    pki: folder.write(pkiFile, JSON.stringify(pki.serialize(), null, 2)),
    trustAnchors: folder.write('ca.pem', pki.anchors),
    intermediates: folder.write('intermediates.pem', pki.issuer.chainPem),
    revocationLists: folder.write('crl.pem', pki.crls().join('')),
    server: writeIdentity(folder, 'server', server, password),
    client: writeIdentity(folder, 'client', client, password),
    password,
    ...(permit && { permitted: permit }),
  };
  const written: WrittenScenario[] = [];
  for (const scenario of scenarios) {
    await nextTurn(); // for the signals that interrupt the command
    const one = writeScenario(folder, scenario, pki);
    if (one) written.push(one);
  }
  const all: PkiReadme = { ...first, scenarios: written };
  return { ...all, readme: folder.write('README.md', pkiReadme(all)) };
}

/** Files below one folder; paths that it returns are absolute. */
class Folder {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  write(name: string, content: string | Uint8Array): string {
    const location = path.join(this.#root, name);
    try {
      mkdirSync(path.dirname(location), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw writeError(error, path.dirname(location));
    }
    writeNewFile(location, content);
    return location;
  }
}

function writeIdentity(folder: Folder, name: string, identity: Identity, password: string): PkiReadme['server'] {
  return {
    key: folder.write(`${name}/key.pem`, identity.keyPem),
    certificate: folder.write(`${name}/cert.pem`, identity.chainPem),
    pkcs12: folder.write(`${name}/identity.p12`, identity.pkcs12(password)),
  };
}

/** Nothing where the PKI does not permit its names, and where it says nothing without an OCSP responder that runs. */
function writeScenario(folder: Folder, scenario: CredentialScenario, pki: Pki): WrittenScenario | undefined {
  const { id, role, title, differs, tier, expected } = scenario;
  if (scenario.needsResponder) return undefined;
  const credential = scenario.arrange(pki);
  if (namesNotPermitted(credential, pki) !== undefined) return undefined;
  const { identity, certificateMessage, host, trust, crl } = credential;
  const place = `scenarios/${role}/${id}`;
  const chain = certificateMessage?.map((der) => encodePem('CERTIFICATE', der)).join('') ?? identity.chainPem;
  return {
    id,
    role,
    title,
    differs,
    tier,
    expected: { 'TLSv1.3': describeOutcome(expected['TLSv1.3']), 'TLSv1.2': describeOutcome(expected['TLSv1.2']) },
    key: folder.write(`${place}/key.pem`, identity.keyPem),
    certificate: folder.write(`${place}/cert.pem`, chain),
    ...(role === 'server' && { host }),
    ...(trust !== pki.anchors && { trustAnchors: folder.write(`${place}/ca.pem`, trust) }),
    ...(crl !== undefined && { revocationLists: folder.write(`${place}/crl.pem`, crl.join('')) }),
  };
}

/** Those that are given, and otherwise the usual ones as far as the PKI permits them; `--ip ""` means none. */
function serverNames({ dns, ip, permit }: PkiCommandOptions): LeafOptions {
  if (!dns && !ip) return {};
  const usual = usualNames(permit);
  return { dns: (dns ?? usual.dns).filter((name) => name !== ''), ip: (ip ?? usual.ip).filter((name) => name !== '') };
}

function summary({ server, client, trustAnchors, scenarios, pki }: PkiReadme, readme: string): string {
  return [
    `server     ${server.certificate}, key.pem, identity.p12`,
    `client     ${client.certificate}, key.pem, identity.p12`,
    `to trust   ${trustAnchors}`,
    `scenarios  ${scenarios.length} credentials in ${path.dirname(pki)}/scenarios`,
    `all of it  ${readme}`,
  ].join('\n');
}
