/** What the page's script reads: results as the page words them. Without imports: it is the contract between the reporter, in Node, and the browser. */
export interface PageData {
  readonly targets: readonly PageTarget[];
  /** By SHA-256 fingerprint. */
  readonly certificates: Readonly<Record<string, PageCertificate>>;
  readonly words: Readonly<Record<PageResult['status'], string>>;
  readonly signs: Readonly<Record<PageResult['status'], string>>;
  /** A pattern for characters that are shown as their numbers. */
  readonly deceptive: string;
}

/** One suite. */
interface PageTarget {
  readonly title: string;
  readonly underTest: string;
  readonly results: readonly PageResult[];
}

/** One scenario with one version of TLS, a control, or an assertion. */
export interface PageResult {
  /** Names it in the address of the page. */
  readonly key: string;
  readonly status: 'as-expected' | 'unexpected' | 'not-judged' | 'skipped';
  readonly heading: string;
  readonly version: string;
  readonly title: string;
  readonly group: string;
  readonly tier: string;
  /** Of the scenario; empty where it has none. */
  readonly severity: string;
  /** Since the earlier run, such as `newly failing`; empty where nothing changed, or there is none. */
  readonly change: string;
  /** What the search looks at, in lower case. */
  readonly searched: string;
  readonly facts: readonly Fact[];
  /** What it means that it is unexpected, and how bad that is. */
  readonly meaning?: string;
  /** Rules, vulnerabilities and weaknesses, each with its address where it has one. */
  readonly links: readonly (readonly [text: string, url?: string])[];
  /** Whether the report has its capture. */
  readonly hasCapture: boolean;
  /** Line by line. */
  readonly transcript?: string;
  /** Of the handshake, ISO 8601. */
  readonly startedAt?: string;
  /** Absent where no handshake was observed. */
  readonly chains?: readonly PageChain[];
}

/** The certificates of one end. */
export interface PageChain {
  readonly heading: string;
  readonly note: string;
  /** Fingerprints, the end's own certificate first. */
  readonly links: readonly (string | { readonly unreadableBytes: number })[];
}

/** One certificate. */
export interface PageCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly flags: readonly string[];
  readonly facts: readonly Fact[];
}

/** A name and a value. */
export type Fact = readonly [name: string, value: string];
