/** The secrets that a connection's key-log lines carry, by label, e.g. `SERVER_TRAFFIC_SECRET_0` (RFC 9850). */
export class TrafficSecrets {
  readonly #lines: Buffer[] = [];

  /** Takes a line as Node's `keylog` event gives it. Kept unparsed: most connections never need it. */
  add(line: Buffer): void {
    this.#lines.push(line);
  }

  get(label: string): Buffer | undefined {
    for (const line of this.#lines) {
      const [name, , secret] = line.toString('latin1').trim().split(' ');
      if (name === label && secret !== undefined) return Buffer.from(secret, 'hex');
    }
    return undefined;
  }
}
