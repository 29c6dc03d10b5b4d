import '../errors/check-runtime.ts';
export { MtlsReporter, MtlsReporter as default, type MtlsReporterOptions } from './mtls-reporter.ts';
export type { Report, ReportChain, ReportCounts, ReportHandshake, ReportResult, ReportTarget } from './report.ts';
