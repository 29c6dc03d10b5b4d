import { createPrivateKey } from 'node:crypto';
import { decodePem } from '../../../asn1/pem.ts';
import { monotonicNow } from '../../../clock/real-clock.ts';
import { MtlsFixturesError } from '../../../errors/index.ts';
import { isIpAddress } from '../../../net/addresses.ts';
import type { Identity } from '../../../pki/identity.ts';
import { inOrder } from '../../../wire/engine/edits.ts';
import { runClientHandshake } from '../../../wire/engine/run-handshake.ts';
import type { EngineConnection } from '../../../wire/engine/engine-connection.ts';
import type { EngineCredential } from '../../../wire/engine/engine-credential.ts';
import type { EngineSession } from '../../../wire/engine/engine-session.ts';
import type { FlightContext, FlightEdit, FlightEdits, FlightName } from '../../../wire/engine/flight.ts';
import { serverHelloOf } from '../../../wire/hello/hello.ts';
import { type TlsRecord, recordsOf } from '../../../wire/records/tls-record.ts';
import type { Capture } from '../../../wire/tap/capture.ts';
import { EngineError, type HandshakeEnd } from '../../../wire/engine/handshake-end.ts';
import type { ClientOptions } from '../../../wire/engine/peer-options.ts';
import type { ParsedClientFault } from '../../client/client-fault-options.ts';
import type { FlightEnd, FlightReport, OutcomeWatch } from '../../client/client-fault-outcome.ts';
import type { InterposedSocket } from '../../interposed-socket.ts';
import { type EditedMessage, editedMessage } from '../edited-message.ts';
import { flightCapture, flightTranscript } from '../flight-transcript.ts';
import type { FlightPlan } from './flight-plan.ts';
import { hellosOf, setUpOf } from './flight-set-up.ts';
import { type LoweredFlight, loweredFlightIn } from './lowered-flight.ts';
import { strayAlert } from './stray-alert.ts';

/** With which server, as which client and by which name, and what is asked of it after the handshake. */
export type FlightOptions = Pick<
  ParsedClientFault,
  'host' | 'port' | 'timeout' | 'servername' | 'minVersion' | 'maxVersion' | 'request' | 'identity'
>;

/** One handshake by the engine for tests, the request after it, and what of it is reported. */
export class FlightExchange {
  /** The latest one that the server gave. */
  session: EngineSession | undefined;
  /** Whether nothing more has to be seen. */
  isDecided = false;
  readonly #plan: FlightPlan;
  readonly #options: FlightOptions;
  readonly #watch: OutcomeWatch;
  readonly #capture: Capture;
  readonly #stream: InterposedSocket;
  #sent: readonly string[] = [];
  #edited: EditedMessage | undefined;
  #cipherSuite: string | undefined;
  #received = '';
  #isCompleted = false;
  #isResumed = false;
  #lowered: LoweredFlight | undefined;
  #unfit: string | undefined;
  #problem: string | undefined;
  #end: FlightEnd | undefined;
  #isOpen = false;
  #startedAt = monotonicNow();
  #roundTripMs = 0;
  #flightSentAt = 0;
  #isAsked: boolean | undefined;

  constructor(stream: InterposedSocket, plan: FlightPlan, options: FlightOptions, watch: OutcomeWatch) {
    this.#stream = stream;
    this.#capture = stream.capture;
    this.#plan = plan;
    this.#options = options;
    this.#watch = watch;
  }

  /** Resolves when there is nothing more to do. Rejects only with what is a mistake of this library. */
  async run(): Promise<void> {
    this.#startedAt = monotonicNow();
    try {
      this.#requireSession();
      const connection = await runClientHandshake(this.#stream, this.#clientOptions());
      this.#isOpen = true;
      this.#isCompleted = this.#plan.version === 'TLSv1.2';
      this.#isResumed = connection.resumed;
      await connection.write(Buffer.from(this.#options.request));
      await this.#readAnswer(connection);
      await connection.close();
    } catch (error) {
      await this.#endedBy(error);
    }
  }

  /** Gives up what is still awaited: the bound was reached. */
  giveUp(): void {
    this.#stream.destroy();
  }

  report(): FlightReport {
    const { isResumed = this.#isResumed, isAsked = this.#isAsked } = this.#lowered ?? {};
    const { flight, version, resumes } = this.#plan;
    const isOtherVersion = flight.handshake === 'session-of-tls13' && (version === 'TLSv1.2' || this.#lowered !== undefined);
    return {
      edited: flight.shown,
      sent: this.#sent,
      ...this.#shown(),
      isCompleted: this.#isCompleted,
      ...(resumes === true && { isResumed }),
      ...(this.#lowered && { isVersionLowered: true as const }),
      ...(isResumed && isOtherVersion && { isResumedAcrossVersions: true as const }),
      ...(isAsked !== undefined && { isAsked }),
      ...(this.#received !== '' && !this.isDecided && { sentEarlyData: true }),
      ...(this.#unfit !== undefined && { unfit: this.#unfit }),
      ...(this.#problem !== undefined && { problem: this.#problem }),
      ...(this.#end && { end: this.#end }),
    };
  }

  #shown(): Pick<FlightReport, 'transcript' | 'capture'> {
    const { applicationData, streamEnd } = this.#watch;
    const end = this.isDecided ? undefined : streamEnd; // this side has left then
    return {
      transcript: flightTranscript(this.#capture, { edited: this.#edited, judge: 'server', isAccepted: applicationData, end }),
      capture: flightCapture(this.#capture, { shown: this.#plan.flight.shown, edited: this.#edited, end }),
    };
  }

  async #readAnswer(connection: EngineConnection): Promise<void> {
    for (;;) {
      const data = await connection.read();
      this.session = connection.session;
      this.#isCompleted ||= connection.session !== undefined;
      if (!data) return;
      this.#received += data.toString('latin1');
      this.isDecided = this.#isAnswered();
      this.#watch.applicationData = this.isDecided;
      if (this.isDecided) return;
    }
  }

  /** By HTTP, or an echo. Other data counts where it can only have been written after the client's Finished arrived: 0.5-RTT data need not. */
  #isAnswered(): boolean {
    const beginning = Buffer.from(this.#options.request).toString('latin1').slice(0, echoLength);
    const isAnswer = this.#received.includes('HTTP/') || (beginning !== '' && this.#received.includes(beginning));
    const isLate = monotonicNow() - this.#flightSentAt >= this.#roundTripMs;
    return isAnswer || (isLate && this.#plan.flight.readsOn !== true);
  }

  async #endedBy(error: unknown): Promise<void> {
    if (error instanceof EngineError) {
      this.#end = this.#endOf(error);
      await this.#seen(error.end);
      return;
    }
    const isUnfit = this.#unfit !== undefined || (error instanceof MtlsFixturesError && error.code === 'FLIGHT_EDIT_INVALID');
    if (!isUnfit) throw error;
    this.#unfit ??= `the message to be edited is not in this handshake: ${error instanceof Error ? error.message : ''}`;
    this.isDecided = true;
  }

  /** What ends by {@link giveUp} was silence; after the handshake it is none that ended it. */
  #endOf({ end: { kind, step }, code, facts }: EngineError): FlightEnd | undefined {
    const isLeft = kind === 'closed' || kind === 'reset';
    const isSilence = kind === 'silent' || (isLeft && this.#watch.isStillOpen);
    if (isSilence) return this.#isOpen ? undefined : { code, kind: 'silent', step, how: `nothing came within ${this.#options.timeout} ms` };
    if (isLeft && this.#watch.streamEnd?.how === 'reset') return { code, kind: 'reset', step, how: 'the connection was reset' };
    return { code, kind, step, how: facts.how };
  }

  async #seen(end: HandshakeEnd): Promise<void> {
    const isLowered = this.#watch.faultSent && this.#plan.version === 'TLSv1.3' && serverHelloOf(this.#records)?.version === 'TLSv1.2';
    if (isLowered) await this.#watch.endedWithin(restMs);
    const records = this.#records;
    const stray =
      end.kind === 'wrong-answer' ? strayAlert(records, { cipherSuite: this.#cipherSuite, secrets: this.#capture.secrets }) : undefined;
    this.#watch.alertFromEngine = end.kind === 'refused' ? end.alert.code : stray;
    this.#isResumed ||= end.kind === 'wrong-answer' && this.#isAbbreviated(records);
    if (isLowered) this.#lowered = loweredFlightIn(records);
    if (end.kind === 'wrong-answer' && stray === undefined) this.#problem = `${end.problem} (at ${end.step})`;
    this.isDecided = end.kind === 'refused' || end.kind === 'wrong-answer' || end.kind === 'not-tls';
  }

  get #records(): readonly TlsRecord[] {
    return recordsOf(this.#capture.chunks);
  }

  /** A server of TLS 1.2 that changes its keys before the client's flight resumes a session, by whichever secret (RFC 5246 7.3). */
  #isAbbreviated(records: readonly TlsRecord[]): boolean {
    const isChanged = records.some(({ sentBy, type }) => sentBy === 'server' && type === 'change_cipher_spec');
    return this.#plan.version === 'TLSv1.2' && this.#flightSentAt === 0 && isChanged;
  }

  #clientOptions(): ClientOptions {
    const { servername, timeout, identity } = this.#options;
    const { version, session } = this.#plan;
    return {
      version,
      edits: this.#edits(),
      onKeyLog: (line) => this.#capture.secrets.add(Buffer.from(`${line}\n`)),
      timeout: timeout + beyondBoundMs,
      ...(identity && { credential: credentialOf(identity) }),
      ...(session && { session }),
      ...setUpOf(this.#plan),
      ...(servername !== '' && !isIpAddress(servername) && { servername }),
    };
  }

  #edits(): FlightEdits {
    const { flight, version, isEdited } = this.#plan;
    const own: FlightEdits = (isEdited && flight.edits[version]) || {};
    const hellos = hellosOf(flight);
    const asked = Object.entries(own).map(([name, edit]) => {
      const before = name === 'hello' || name === 'second-hello' ? hellos[name] : undefined;
      const recorded = this.#recorded(edit);
      return [name, before ? inOrder(before, recorded) : recorded] as const;
    });
    const all: Partial<Record<FlightName, FlightEdit>> = { ...hellos, ...Object.fromEntries(asked) };
    return { ...all, client: this.#timed(all.client ?? ((messages) => messages)) };
  }

  /** Notes what is sent, unless the edit would be no fault here. */
  #recorded(edit: FlightEdit): FlightEdit {
    return (messages, context) => {
      const { shown, onlyWith } = this.#plan.flight;
      if (onlyWith !== undefined && !messages.some(({ name }) => name === onlyWith)) return messages;
      this.#requireFit(context);
      const edited = edit(messages, context);
      this.#edited ??= editedMessage(messages, edited, { shown, sentBy: 'client', atMs: this.#capture.elapsed() });
      this.#sent = edited.map(({ name }) => name);
      this.#watch.faultSent = true;
      return edited;
    };
  }

  #requireFit(context: FlightContext): void {
    this.#require(this.#plan.flight.unfit?.(context));
  }

  #requireSession(): void {
    const { resumes, session } = this.#plan;
    this.#require(resumes === true && !session ? 'the server gives no session to resume' : undefined);
  }

  /** Ends the exchange where the fault cannot be shown. */
  #require(unfit: string | undefined): void {
    if (unfit === undefined) return;
    this.#unfit = unfit;
    throw new TypeError(unfit); // caught where the exchange ends
  }

  #timed(edit: FlightEdit): FlightEdit {
    return (messages, context) => {
      this.#flightSentAt = monotonicNow();
      this.#roundTripMs = this.#flightSentAt - this.#startedAt;
      this.#cipherSuite = context.agreed.cipherSuite;
      this.#isAsked = messages.some(({ name }) => name === 'certificate' || name === 'compressed_certificate');
      const isControl = !this.#plan.isEdited && this.#plan.flight.handshake === undefined;
      if (isControl) this.#requireFit(context); // the edit would be none
      return edit(messages, context);
    };
  }
}

function credentialOf(identity: Identity): EngineCredential {
  return { certificates: decodePem(identity.chainPem).map(({ der }) => der), privateKey: createPrivateKey(identity.keyPem) };
}

/** Octets of the request by which an echo is recognized. */
const echoLength = 8;
/** For the rest of a flight, of which the first message has come. */
const restMs = 500;
/** The bound is the watch's: the engine's own would end the connection from this side. */
const beyondBoundMs = 5000;
