import type { Handshake } from '../../handshake/verdict/handshake.ts';
import { withoutSecrets } from '../../wire/pcapng/without-secrets.ts';
import type { Alert } from '../../wire/records/alert-record.ts';
import type { Side } from '../../wire/tap/capture.ts';
import { type ChainRecord, chainRecord } from './certificate-record.ts';
import type { ScenarioId } from '../catalogue/ids/scenario-id.ts';
import type { ExpectedOutcome, ScenarioFacts, ScenarioGroup, TestedVersion } from '../catalogue/scenario.ts';

/** One scenario against one target, as its test hands it to a reporter: fit for JSON, small, and without any secret. */
export interface ScenarioRecord extends Omit<ScenarioFacts, 'id' | 'group' | 'expected' | 'divergences' | 'impersonates'> {
  /** Changes when the shape does. */
  readonly schema: 1;
  /** A scenario, or the valid peer before and after all of them. */
  readonly kind: 'scenario' | 'control' | 'last-control';
  /** Of the scenario; `control` of a control. */
  readonly id: ScenarioId | (string & {});
  /** What the suite is called. */
  readonly target: string;
  /** The end under test. */
  readonly underTest: Side;
  readonly version: TestedVersion;
  readonly group: ScenarioGroup | 'controls';
  readonly expected: ExpectedOutcome;
  /** Absent until the test has one. */
  readonly result?: ResultRecord;
}

/** The result of a test. */
export interface ResultRecord {
  readonly status: 'as-expected' | 'unexpected' | 'not-judged' | 'skipped';
  /** Why, or what was seen. */
  readonly message: string;
  readonly handshake?: HandshakeRecord;
  /** Of an edited handshake: the alert that the end under test sent. */
  readonly alert?: Alert;
  /** Of an edited handshake: the capture, base64; where it was asked for and is not too long. */
  readonly capture?: string;
  /** Of the process in which it was run. */
  readonly runtime: RuntimeRecord;
  /** Set where another row says it too, as that of the control does for all tests of a version that is not spoken: such tests get no row of their own. */
  readonly isAside?: true;
}

/** The versions that a result was obtained with. */
export interface RuntimeRecord {
  readonly node: string;
  readonly openssl: string;
}

/** Of which results a reporter is given the capture (pcapng), and whether with the secrets that decrypt it. */
export interface RecordedCaptures {
  readonly of: 'none' | 'unexpected' | 'all';
  readonly secrets: boolean;
}

/** A handshake, as it is reported. */
export interface HandshakeRecord {
  readonly verdict: 'accepted' | 'rejected';
  readonly rejectedBy?: Side;
  readonly reason?: string;
  readonly detail?: string;
  readonly alert?: Alert;
  readonly evidence: string;
  readonly protocol?: string;
  readonly cipher?: string;
  readonly group?: string;
  readonly alpn?: string;
  readonly servername?: string;
  readonly resumed: boolean;
  readonly durationMs: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** `handshake.explain()`. */
  readonly explanation: string;
  readonly clientChain?: ChainRecord;
  readonly serverChain?: ChainRecord;
  /** The capture, base64; where it was asked for and is not too long. */
  readonly capture?: string;
}

/** The result of a test, to be put in its record; `captures` is what reporters want of them. */
export function resultRecord(
  {
    status,
    message,
    handshake,
    alert,
    capture: bytes,
    isAside,
  }: {
    readonly status: ResultRecord['status'];
    readonly message: string;
    readonly handshake?: Handshake | undefined;
    readonly alert?: Alert | undefined;
    readonly capture?: Uint8Array | undefined;
    readonly isAside?: true | undefined;
  },
  captures: RecordedCaptures = usualCaptures,
): ResultRecord {
  const { node, openssl } = process.versions;
  const isWanted = wantsCapture(status, captures);
  const capture = handshake && isWanted ? captureOf(handshake.toPcapng(), captures) : undefined;
  const own = bytes && isWanted ? captureOf(bytes, captures) : undefined;
  return {
    status,
    message: message.slice(0, longestMessage),
    runtime: { node, openssl },
    ...(handshake && { handshake: { ...handshakeRecord(handshake), ...(capture !== undefined && { capture }) } }),
    ...given({ alert, capture: own }),
    ...(isAside && { isAside }),
  };
}

/** Whether a value that was read is the status of a result. */
export function isResultStatus(value: unknown): value is ResultRecord['status'] {
  return value === 'as-expected' || value === 'unexpected' || value === 'not-judged' || value === 'skipped';
}

function wantsCapture(status: ResultRecord['status'], { of }: RecordedCaptures): boolean {
  return of === 'all' || (of === 'unexpected' && status === 'unexpected');
}

/** Without its secrets unless they are asked for: a report is published where many read it. */
function captureOf(pcapng: Uint8Array, { secrets }: RecordedCaptures): string | undefined {
  const capture = secrets ? pcapng : withoutSecrets(pcapng);
  return capture.length > longestCapture ? undefined : Buffer.from(capture).toString('base64');
}

function handshakeRecord(handshake: Handshake): HandshakeRecord {
  const { verdict, rejectedBy, reason, detail, alert, evidence, protocol, cipher, group, alpn, servername, resumed } = handshake;
  const clientChain = chainRecord(handshake, 'client');
  const serverChain = chainRecord(handshake, 'server');
  return {
    verdict,
    ...given({ rejectedBy, reason, detail, alert, protocol, cipher, group, alpn, servername }),
    evidence,
    resumed,
    durationMs: Math.round(handshake.durationMs * 10) / 10,
    startedAt: handshake.startedAt.toISOString(),
    explanation: handshake.explain().slice(0, longestExplanation),
    ...given({ clientChain, serverChain }),
  };
}

function given<Values extends object>(values: Values): { [Key in keyof Values]?: NonNullable<Values[Key]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Values]?: NonNullable<Values[Key]>;
  }; // the same keys, where they have a value
}

// What a target says goes into messages: a record stays small.
const longestMessage = 4000;
const longestExplanation = 8000;
const longestCapture = 65_536;
const usualCaptures: RecordedCaptures = { of: 'unexpected', secrets: false };
