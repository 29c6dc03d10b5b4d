import '../errors/check-runtime.ts';
export { MtlsReporter, MtlsReporter as default, type MtlsReporterOptions } from './mtls-reporter.ts';
export type { OutputOptions } from './outputs/output-options.ts';
export type { CertificateRecord, ChainRecord, UnreadableCertificate } from '../scenarios/records/certificate-record.ts';
export type { HandshakeRecord, ResultRecord, ScenarioRecord } from '../scenarios/records/scenario-record.ts';
export type { Report, ReportChain, ReportCounts, ReportHandshake, ReportResult, ReportTarget } from './report.ts';
