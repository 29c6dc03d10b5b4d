/** The records of a server since the client's Finished in TLS 1.3, where they stay encrypted: what they may be follows from their lengths, in octets. */
export class SealedRecords {
  readonly #lengths: number[] = [];

  get isEmpty(): boolean {
    return this.#lengths.length === 0;
  }

  add(length: number): void {
    this.#lengths.push(length);
  }

  /** Whether one has been sent that is not an alert by its length: a ticket, or an answer. */
  get hasLonger(): boolean {
    return this.#longer.length > 0;
  }

  /**
   * Whether the last one has the length of an alert. An answer of two octets has it as well; its server does not end the connection with it, as a rule. Some
   * servers send a second one, their close_notify, after their alert (gnutls-serv).
   */
  get mayHaveAlerted(): boolean {
    return hasAlertLength(this.#lengths.at(-1) ?? 0);
  }

  /** Whether the server has sent more than tickets, which are the first record, or the first two where they are of one length or one block apart. */
  get hasAnswered(): boolean {
    const [first = 0, second = first, ...more] = this.#longer;
    return more.length > 0 || ![0, ticketBlock].includes(Math.abs(first - second));
  }

  get #longer(): readonly number[] {
    return this.#lengths.filter((length) => !hasAlertLength(length));
  }
}

/** Whether a record may be an alert by its length. */
export function hasAlertLength(length: number): boolean {
  return sealedAlertLengths.has(length);
}

/** Whether a record may be a Finished by its length. */
export function hasFinishedLength(length: number): boolean {
  return finishedLengths.has(length);
}

/** Octets of a sealed alert: two, its content type, and the tag of 16, or of 8 with CCM_8 (RFC 8446 5.2); Java adds 16 octets of padding to every record (measured with 17). */
const sealedAlertLengths: ReadonlySet<number> = new Set([19, 35, 11]);
/** The same of a Finished: its header of four, and a hash of 32 or 48. */
const finishedLengths: ReadonlySet<number> = new Set([53, 69, 85]);
/** OpenSSL encrypts what is in a ticket in blocks of 16 octets, and an integer in it may have an octet more: of one connection in seven the two differ (measured on Node 26.10). */
const ticketBlock = 16;
