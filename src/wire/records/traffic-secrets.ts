/** The secrets that a connection's key-log lines carry, by label, e.g. `SERVER_TRAFFIC_SECRET_0` (RFC 9850). */
export class TrafficSecrets {
  #lines: Buffer[] = [];
  #text: string;

  /** `before`: the secrets of the same connection so far. */
  constructor(before?: TrafficSecrets) {
    this.#text = before?.keyLog ?? '';
  }

  /** Takes a line as Node's `keylog` event gives it. Kept unparsed: most connections never need it. */
  add(line: Buffer): void {
    this.#lines.push(line);
  }

  get(label: string): Buffer | undefined {
    for (const line of this.keyLog.split('\n')) {
      const [name, , secret] = line.trim().split(' ');
      if (name === label && secret !== undefined) return Buffer.from(secret, 'hex');
    }
    return undefined;
  }

  /** Whether there is a secret of this label among those of a connection that has only just made them. */
  hasNew(label: string): boolean {
    return this.#lines.some((line) => line.toString('latin1', 0, label.length) === label);
  }

  /** The lines, as a file named by SSLKEYLOGFILE has them. */
  get keyLog(): string {
    return this.#text + this.#lines.map((line) => line.toString('latin1')).join('');
  }

  /** Keeps the lines in one piece: five small ones would cost every connection that stays open. */
  compact(): void {
    if (this.#lines.length === 0) return;
    this.#text = this.keyLog;
    this.#lines = [];
  }
}
