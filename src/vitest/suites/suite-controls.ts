import type { Handshake } from '../../handshake/verdict/handshake.ts';
import type { TlsVersion } from '../../scenarios/catalogue/scenario.ts';

/** The versions that a suite knows, in the order in which it goes through them. */
export const bothVersions: readonly TlsVersion[] = ['TLSv1.3', 'TLSv1.2'];

/** One valid peer, tried. */
export interface Control {
  /** What happened where the valid peer was refused; undefined when all is well. */
  readonly refusal: string | undefined;
  /** The refused handshake, where it was observed. */
  readonly handshake?: Handshake | undefined;
  /** Whether it was refused for its version of TLS, as far as this one attempt tells. */
  readonly refusesVersion?: boolean;
}

/** The controls of a suite, each tried once, when it is first asked for. */
export class SuiteControls {
  readonly #run: (version: TlsVersion) => Promise<Control>;
  readonly #tried = new Map<TlsVersion, Promise<Control>>();

  constructor(run: (version: TlsVersion) => Promise<Control>) {
    this.#run = run;
  }

  of(version: TlsVersion): Promise<Control> {
    const tried = this.#tried.get(version) ?? this.#run(version);
    this.#tried.set(version, tried);
    return tried;
  }

  /** Whether the end under test does not speak a version: the valid peer is refused for the version with this one, and accepted with the other. */
  async lacks(version: TlsVersion): Promise<boolean> {
    const { refusesVersion = false } = await this.of(version);
    if (!refusesVersion) return false;
    const others = await Promise.all(bothVersions.filter((other) => other !== version).map((other) => this.of(other)));
    return others.some(({ refusal }) => refusal === undefined);
  }
}
