import '../errors/check-runtime.ts';
export { MtlsReporter, MtlsReporter as default, type MtlsReporterOptions } from './mtls-reporter.ts';
export type { OutputOptions } from './outputs/output-options.ts';
export type { CertificateRecord, ChainRecord, UnreadableCertificate } from '../scenarios/records/certificate-record.ts';
export type { AssertionMatcher, AssertionRecord } from '../scenarios/records/assertion-record.ts';
export type { TestedVersion } from '../scenarios/catalogue/scenario.ts';
export type { HandshakeRecord, ResultRecord, RuntimeRecord, ScenarioRecord } from '../scenarios/records/scenario-record.ts';
export type {
  ComparedResult,
  Report,
  ReportAssertion,
  ReportChain,
  ReportComparison,
  ReportCounts,
  ReportHandshake,
  ReportJob,
  ReportOrigin,
  ReportResult,
  ReportTarget,
} from './report.ts';
