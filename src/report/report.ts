import type { CertificateRecord, ChainRecord, UnreadableCertificate } from '../scenarios/records/certificate-record.ts';
import type { HandshakeRecord, ResultRecord, ScenarioRecord } from '../scenarios/records/scenario-record.ts';

/** The results of a run of the suites: the content of the JSON file, and what the page shows. */
export interface Report {
  /** Changes when the shape does; members may be added without. */
  readonly version: 1;
  readonly generator: 'mtls-fixtures';
  /** ISO 8601; of merged reports, when the first of them began. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Whether the run was interrupted. */
  readonly interrupted: boolean;
  readonly counts: ReportCounts;
  /** A target for each suite, by the end under test (servers first), project, file and place in it. */
  readonly targets: readonly ReportTarget[];
  /** All certificates that were seen, by their SHA-256 fingerprint. */
  readonly certificates: Readonly<Record<string, CertificateRecord>>;
}

/** How many results there are of each status. */
export type ReportCounts = Readonly<Record<ResultRecord['status'], number>>;

/** One suite: one server or client under test. */
export interface ReportTarget {
  /** With the names of the describe blocks around it, joined by ` > `. */
  readonly name: string;
  /** The end under test. */
  readonly underTest: ScenarioRecord['underTest'];
  /** The file that defines it, relative to the project's root. */
  readonly file: string;
  /** Vitest's project, where it has a name. */
  readonly project?: string;
  /** The label of a blob report. */
  readonly label?: string;
  readonly versions: readonly ScenarioRecord['version'][];
  readonly counts: ReportCounts;
  readonly results: readonly ReportResult[];
}

/** One scenario with one version of TLS, or a control. */
export interface ReportResult extends Omit<ScenarioRecord, 'schema' | 'target' | 'underTest' | 'result' | 'references'> {
  /** The references, vulnerabilities and weaknesses of the scenario, as text. */
  readonly reference: string;
  readonly status: ResultRecord['status'];
  /** Why, or what was seen. */
  readonly message: string;
  /** Milliseconds of the whole test; absent where it did not run. */
  readonly testMs?: number;
  /** How often the test was repeated. */
  readonly retries?: number;
  readonly handshake?: ReportHandshake;
}

/** A handshake; certificates are looked up in {@link Report.certificates}. */
export interface ReportHandshake extends Omit<HandshakeRecord, 'clientChain' | 'serverChain'> {
  readonly clientChain?: ReportChain;
  readonly serverChain?: ReportChain;
}

/** A chain: fingerprints, the end's own certificate first. */
export interface ReportChain extends Omit<ChainRecord, 'certificates'> {
  readonly certificates: readonly (string | UnreadableCertificate)[];
}

/** Counts results by status. */
export function countsOf(results: readonly Pick<ReportResult, 'status'>[]): ReportCounts {
  const counts = { 'as-expected': 0, unexpected: 0, 'not-judged': 0, skipped: 0 };
  for (const { status } of results) counts[status] += 1;
  return counts;
}
