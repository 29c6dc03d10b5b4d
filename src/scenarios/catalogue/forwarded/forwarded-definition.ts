import type { ForwardedFormat } from '../../../forwarded/format.ts';
import { findingsOf } from '../findings/findings-of.ts';
import { accepted, byVersion, rejectedBy } from '../protocol-definition.ts';
import { frozenSources, type SourcesInRow } from '../references.ts';
import type { ScenarioFacts } from '../scenario.ts';
import { type FormatFacts, formatsWhere } from './format-facts.ts';
import type { ApplicationTrial, ForwardedArrangement, ForwardedExchange, ForwardedScenario, ProxyTrial } from './forwarded-scenario.ts';
import { ForwardedSetup } from './forwarded-setup.ts';

interface Row
  extends
    Pick<ForwardedScenario, 'id'>,
    Pick<ScenarioFacts, 'title' | 'differs' | 'tier'>,
    Partial<Pick<ScenarioFacts, 'severity'>>,
    SourcesInRow {
  /** The formats that it applies to; default all. */
  readonly where?: (facts: FormatFacts, format: ForwardedFormat) => boolean;
  /** Default: rejected, except for controls. */
  readonly expected?: 'accepted' | 'rejected';
}

/** What a scenario about headers is defined by. */
export interface ForwardedDefinition extends Row, Omit<ApplicationTrial, 'kind' | 'exchanges'> {
  /** What is sent, each on a connection of its own. */
  readonly sends: (setup: ForwardedSetup) => readonly ForwardedExchange[];
}

/** What a scenario about proxy and application together is defined by. */
export interface ProxyDefinition extends Row, Pick<ProxyTrial, 'presents' | 'http2' | 'malformed'> {
  readonly sends: (setup: ForwardedSetup) => readonly ForwardedExchange[];
}

/** A table of scenarios for applications. Checks nothing: the tests do. */
export function forApplications(...definitions: readonly ForwardedDefinition[]): readonly ForwardedScenario[] {
  return definitions.map(({ sends, concurrent, at, needsUnverified, malformed, tooLarge, isNegativeControl, ...row }) =>
    Object.freeze({
      ...facts(row),
      through: 'application',
      trial: Object.freeze({
        kind: 'application',
        exchanges: (arrangement: ForwardedArrangement) => sends(ForwardedSetup.of(arrangement)),
        ...(concurrent && { concurrent }),
        ...(at && { at }),
        ...(needsUnverified && { needsUnverified }),
        ...(malformed && { malformed }),
        ...(tooLarge && { tooLarge }),
        ...(isNegativeControl && { isNegativeControl }),
      }),
    }),
  );
}

/** A table of scenarios for proxy and application together. */
export function forProxies(...definitions: readonly ProxyDefinition[]): readonly ForwardedScenario[] {
  return definitions.map(({ sends, presents, http2, malformed, ...row }) =>
    Object.freeze({
      ...facts(row),
      through: 'proxy',
      trial: Object.freeze({
        kind: 'proxy',
        exchanges: (arrangement: ForwardedArrangement) => sends(ForwardedSetup.of(arrangement)),
        presents,
        ...(http2 && { http2 }),
        ...(malformed && { malformed }),
      }),
    }),
  );
}

function facts({ where = everyFormat, expected, ...row }: Row): Omit<ForwardedScenario, 'through' | 'trial'> {
  const outcome = (expected ?? (row.tier === 'control' ? 'accepted' : 'rejected')) === 'accepted' ? accepted : rejectedBy('server');
  const outcomes = byVersion(outcome, outcome); // TLS has ended before
  return {
    ...row,
    ...frozenSources(row),
    ...findingsOf({ ...row, role: 'forwarded', group: 'forwarded', expected: outcomes }),
    group: 'forwarded',
    role: 'forwarded',
    underTest: 'server',
    formats: Object.freeze(formatsWhere(where)),
    expected: outcomes,
    divergences: [],
  };
}

const everyFormat = (): boolean => true;

/** One request on a connection of its own. */
export function request(lines: ForwardedExchange['requests'][number]['lines'], what?: string): ForwardedExchange {
  return { requests: [{ lines }], ...(what !== undefined && { what }) };
}
