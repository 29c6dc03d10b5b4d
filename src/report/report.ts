import type { AssertionRecord } from '../scenarios/records/assertion-record.ts';
import type { CertificateRecord, ChainRecord, UnreadableCertificate } from '../scenarios/records/certificate-record.ts';
import type { HandshakeRecord, ResultRecord, RuntimeRecord, ScenarioRecord } from '../scenarios/records/scenario-record.ts';

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
  /** The run in one line. */
  readonly summary: string;
  readonly origin: ReportOrigin;
  /** The versions that results were obtained with; several where reports are merged. */
  readonly runtimes: readonly RuntimeRecord[];
  /** Of the targets' results. */
  readonly counts: ReportCounts;
  /** With the report of an earlier run, where one was given and could be read. */
  readonly comparison?: ReportComparison;
  /** A target for each suite, by the end under test (servers first), project, file and place in it. */
  readonly targets: readonly ReportTarget[];
  /** What tests asserted by `toAccept`, `toReject` and `toFailHandshake`, by file. */
  readonly assertions: readonly ReportAssertion[];
  /** How many more there were: of each test the first 50 are recorded. */
  readonly omittedAssertions: number;
  /** All certificates that were seen, by their SHA-256 fingerprint. */
  readonly certificates: Readonly<Record<string, CertificateRecord>>;
}

/** What a run was of: the commit, the branch, and the job of a CI service. What is not known is absent. */
export interface ReportOrigin {
  /** The whole hash. */
  readonly commit?: string;
  readonly branch?: string;
  readonly ci?: ReportJob;
}

/** A job of a CI service. */
export interface ReportJob {
  /** `GitHub Actions` and the like. */
  readonly service: string;
  readonly job?: string;
  /** Without credentials. */
  readonly url?: string;
}

/** How the results of a run differ from those of an earlier one. */
export interface ReportComparison {
  /** When the earlier run began, ISO 8601. */
  readonly startedAt: string;
  /** Of the earlier run, where it is known. */
  readonly commit?: string;
  /** Unexpected or not judged now, and neither before. */
  readonly newlyFailing: readonly ComparedResult[];
  /** As expected now, and unexpected or not judged before. */
  readonly newlyPassing: readonly ComparedResult[];
  /** Skipped now, and not before. */
  readonly newlySkipped: readonly ComparedResult[];
  /** Not in the earlier run. */
  readonly new: readonly ComparedResult[];
  /** In the earlier run alone. */
  readonly gone: readonly ComparedResult[];
  /** How many failed before and still do. */
  readonly stillFailing: number;
}

/** One result in both runs. */
export interface ComparedResult {
  readonly key: string;
  readonly before?: ReportResult['status'];
  readonly now?: ReportResult['status'];
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
  /** Absent where nothing was run. */
  readonly runtime?: RuntimeRecord;
  readonly counts: ReportCounts;
  readonly results: readonly ReportResult[];
}

/** One scenario with one version of TLS, or a control. */
export interface ReportResult extends Omit<ScenarioRecord, 'schema' | 'target' | 'underTest' | 'result'> {
  /** Names this result within the report, and in the reports of other runs: the end under test, the suite, the version, the id. */
  readonly key: string;
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
  /** Of an edited handshake: the alert that the end under test sent, and the capture. */
  readonly alert?: ResultRecord['alert'];
  readonly capture?: string;
}

/** One use of a matcher that attempts, or watches, a handshake. */
export interface ReportAssertion extends Omit<AssertionRecord, 'handshake' | 'attempt'> {
  /** Names it within the report, and in the reports of other runs: the file, the test, its place in the test. */
  readonly key: string;
  readonly file: string;
  readonly project?: string;
  readonly label?: string;
  /** The test, with the names of the describe blocks around it, joined by ` > `. */
  readonly test: string;
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
