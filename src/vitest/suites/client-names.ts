import type { Pki } from '../../pki/pki.ts';
import type { TlsVersion } from '../../scenarios/catalogue/scenario.ts';
import { needsServername } from '../../scenarios/run/client/needs-servername.ts';
import { takesServername } from '../../scenarios/run/client/valid-server.ts';
import type { AnyScenario } from '../../scenarios/run/run-scenario.ts';
import type { CallSettings } from '../../scenarios/run/run-settings.ts';
import type { ClientCall } from '../../scenarios/run/target.ts';
import type { UnfitScenarios } from './first-look.ts';

/** Which scenarios a client under test cannot take part in because it verifies the name in its URL alone. */
export class ClientNames {
  readonly #takesServername: (version: TlsVersion) => Promise<boolean>;
  readonly #pki: Pki;
  #known: Promise<boolean> | undefined;

  constructor(call: ClientCall, settings: Omit<CallSettings, 'version'>) {
    this.#takesServername = (version) => takesServername(call, { ...settings, version });
    this.#pki = settings.pki;
  }

  /** The scenarios that need another name, where the client does not take one. */
  async unfit(scenarios: readonly AnyScenario[], version: TlsVersion): Promise<UnfitScenarios | undefined> {
    if (await this.#takesServername(version)) return undefined;
    const ids = scenarios.filter((scenario) => this.#needsServername(scenario)).map(({ id }) => id);
    if (ids.length === 0) return undefined;
    return {
      ids,
      id: 'another-name',
      title: `asks for another name than its URL's (${ids.length} ${ids.length === 1 ? 'scenario' : 'scenarios'})`,
      differs: `the name that the client is to verify: ${ids.join(', ')}`,
      reason: `${urlNameAlone}; not run: ${ids.join(', ')}`,
      holds: async (at) => !(await this.#takes(at)),
    };
  }

  /** Why a scenario that was not judged could not be, where that is for its name. */
  async whyUnfit(scenario: AnyScenario, version: TlsVersion): Promise<string | undefined> {
    return this.#needsServername(scenario) && !(await this.#takes(version)) ? urlNameAlone : undefined;
  }

  /** It does not depend on the version. */
  #takes(version: TlsVersion): Promise<boolean> {
    return (this.#known ??= this.#takesServername(version));
  }

  #needsServername(scenario: AnyScenario): boolean {
    return scenario.role === 'server' && needsServername(scenario.arrange(this.#pki));
  }
}

const urlNameAlone =
  'the client asks for the name in its URL alone and does not take tls.servername (pass it on, where the client can verify another name)';
