import { describeErrors } from '../../handshake/verdict/client-errors/handshake-failure.ts';
import type { TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import type { ValidPeerTried } from '../../scenarios/run/server/valid-client.ts';
import { notJudged } from '../../scenarios/records/scenario-result.ts';
import { bothVersions } from './suite-options.ts';

/** The controls of a suite, each tried once, when it is first asked for. */
export class SuiteControls {
  readonly #run: (version: TlsVersion) => Promise<ValidPeerTried>;
  readonly #tried = new Map<TlsVersion, Promise<ValidPeerTried>>();

  constructor(run: (version: TlsVersion) => Promise<ValidPeerTried>) {
    this.#run = run;
  }

  of(version: TlsVersion): Promise<ValidPeerTried> {
    const tried = this.#tried.get(version) ?? this.#try(version);
    this.#tried.set(version, tried);
    return tried;
  }

  /** An error, e.g. of the user's `startPeer`, fails the control alone, and not each test behind it. */
  async #try(version: TlsVersion): Promise<ValidPeerTried> {
    try {
      return await this.#run(version);
    } catch (error) {
      return { refusal: notJudged(describeErrors(error)), refusesVersion: false };
    }
  }

  /** Whether the end under test does not speak a version: the valid peer is refused for the version with this one, and accepted with the other. */
  async lacks(version: TlsVersion): Promise<boolean> {
    const { refusesVersion } = await this.of(version);
    if (!refusesVersion) return false;
    const others = await Promise.all(bothVersions.filter((other) => other !== version).map((other) => this.of(other)));
    return others.some(({ refusal }) => refusal === undefined);
  }
}
