import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
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
import { openEmptyFolder, writeError, writeNew } from '../output/new-files.ts';
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
  const server = pki.server(serverNames(options)); // before anything is written: its names may be none that are permitted
  const folder = new Folder(openEmptyFolder(directory));

  let written: PkiReadme & { readonly readme: string };
  try {
    written = writeAll(folder, { pki, server, scenarios, options });
  } catch (error) {
    folder.clear(); // an incomplete PKI would block the next run
    throw error;
  }
  const { readme, ...files } = written;
  print(json ? JSON.stringify({ readme, ...files }, null, 2) : summary(files, readme));
  return exitCodes.asExpected;
}

function writeAll(
  folder: Folder,
  {
    pki,
    server,
    scenarios,
    options: { client, password, permit },
  }: {
    readonly pki: Pki;
    readonly server: Identity;
    readonly scenarios: readonly CredentialScenario[];
    readonly options: PkiCommandOptions;
  },
): PkiReadme & { readonly readme: string } {
  const written: PkiReadme = {
    pki: folder.write(pkiFile, JSON.stringify(pki.serialize(), null, 2)),
    trustAnchors: folder.write('ca.pem', pki.anchors),
    intermediates: folder.write('intermediates.pem', pki.issuer.chainPem),
    revocationLists: folder.write('crl.pem', pki.crls().join('')),
    server: writeIdentity(folder, 'server', server, password),
    client: writeIdentity(folder, 'client', pki.client(client), password),
    password,
    ...(permit && { permitted: permit }),
    scenarios: scenarios.flatMap((scenario) => writeScenario(folder, scenario, pki) ?? []),
  };
  return { ...written, readme: folder.write('README.md', pkiReadme(written)) };
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
    writeNew(location, content, 0o600);
    return location;
  }

  /** It was empty. */
  clear(): void {
    for (const name of readdirSync(this.#root)) rmSync(path.join(this.#root, name), { recursive: true });
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
