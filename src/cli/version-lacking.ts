import type { Endpoint } from '../handshake/attempt/attempt-options.ts';
import type { Pki } from '../pki/pki.ts';
import { tryValidClient } from '../scenarios/run/server/valid-client.ts';
import type { TlsVersion } from '../scenarios/catalogue/scenario.ts';
import type { AttemptFunction } from '../scenarios/run/target.ts';
import type { ProbeResult } from './junit-report.ts';

/** What stands in the column of scenarios for the valid client itself. */
export const controlId = 'control';

/**
 * The result that stands for all scenarios of a version that the server does not speak: the valid client is refused for the version with this one and accepted with the other.
 * Undefined where the server speaks both, or does not accept the valid client at all: then each scenario says so.
 */
export async function versionLacking(
  target: Endpoint | AttemptFunction,
  settings: { readonly pki: Pki; readonly timeout: number },
  { versions, areVersionsAsked }: { readonly versions: readonly TlsVersion[]; readonly areVersionsAsked: boolean },
): Promise<ProbeResult | undefined> {
  const attempt = async (version: TlsVersion): Promise<Tried> => {
    const { refusal, refusesVersion } = await tryValidClient(target, { ...settings, version, authorizes: undefined });
    return { version, refusesVersion, isAccepted: refusal === undefined, message: refusal?.message ?? '' };
  };
  const tried = await Promise.all(versions.map(attempt));
  const lacking = tried.find(({ refusesVersion }) => refusesVersion);
  if (!lacking) return undefined;
  const others = await Promise.all(bothVersions.filter((version) => !versions.includes(version)).map(attempt));
  if (![...tried, ...others].some(({ isAccepted }) => isAccepted)) return undefined;
  const asked = areVersionsAsked ? ', which --tls asks for' : '';
  return {
    id: controlId,
    version: lacking.version,
    title: 'accepts the valid client',
    differs: 'nothing: it is the valid client',
    status: 'not-judged',
    ...(!areVersionsAsked && { unsuitable: true }),
    expected: { verdict: 'accepted' },
    message: `the server does not speak ${lacking.version}${asked}: ${lacking.message}`,
  };
}

interface Tried {
  readonly version: TlsVersion;
  readonly refusesVersion: boolean;
  readonly isAccepted: boolean;
  readonly message: string;
}

const bothVersions: readonly TlsVersion[] = ['TLSv1.3', 'TLSv1.2'];
