import type { Identity } from '../identity.ts';
import type { FileDamage } from './damage.ts';
import { Material } from './material.ts';
import { type DisposableFiles, disposable, folderOf, type WriteFilesOptions } from './write-files.ts';

/** What a server that authenticates its clients reads from files. */
export interface ServerMaterial {
  /** Its own key and chain. */
  readonly identity: Identity;
  /** PEM of the anchors whose clients it accepts. */
  readonly trust: string;
  /** PEM of the CRLs that it checks. */
  readonly crl: readonly string[];
}

/** The files of a server, in one folder. */
export interface ServerFiles extends DisposableFiles {
  /** PKCS#8 PEM of its key, mode 0600. */
  readonly key: string;
  /** PEM of its certificate and intermediates. */
  readonly cert: string;
  /** PEM of the anchors whose clients it accepts. */
  readonly ca: string;
  /** PEM of a CRL of each authority of its clients. */
  readonly crl: string;
  /** Replaces all of them: anchors, CRLs, key, and the certificate last. Damages one of the new ones in the same step, where that is asked for. */
  rotate(material: ServerMaterial, damaged?: ServerFileDamage): void;
  /** Damages one, until `restore` or `rotate`. Throws `ALREADY_DAMAGED`. */
  damage(damaged: ServerFileDamage): void;
}

/** One of a server's files, and how it is damaged. */
export interface ServerFileDamage {
  readonly file: 'key' | 'cert' | 'ca' | 'crl';
  readonly damage: FileDamage;
}

/** Writes key, chain, anchors and CRLs of a server into one folder, as a Secret is mounted. Throws as `writeFiles` does. */
export function writeServerFiles(material: ServerMaterial, options: WriteFilesOptions = {}): ServerFiles {
  const written = new Material(folderOf(options), textsOf(material));
  return {
    ...disposable(written),
    key: written.at('key.pem'),
    cert: written.at('cert.pem'),
    ca: written.at('ca.pem'),
    crl: written.at('crl.pem'),
    rotate: (next, damaged) => {
      written.rotate(textsOf(next), damaged && { file: `${damaged.file}.pem`, damage: damaged.damage });
    },
    damage: ({ file, damage }) => {
      written.damage(damage, `${file}.pem`);
    },
  };
}

/** In the order in which they are replaced. */
function textsOf({ identity, trust, crl }: ServerMaterial): ReadonlyMap<string, string> {
  return new Map([
    ['ca.pem', trust],
    ['crl.pem', crl.join('')],
    ['key.pem', identity.keyPem],
    ['cert.pem', identity.chainPem],
  ]);
}
