import type { ForwardedFormat, HeaderLine, HeaderNames } from '../../../forwarded/format.ts';
import type { Pki } from '../../../pki/pki.ts';
import type { ForwardedScenarioId } from '../ids/forwarded-ids.ts';
import type { LegitimatePeer, ScenarioFacts } from '../scenario.ts';

/** An application behind a proxy that ends TLS, and what headers it is sent in the proxy's place, or through the proxy. */
export interface ForwardedScenario extends ScenarioFacts {
  readonly id: ForwardedScenarioId;
  readonly role: 'forwarded';
  readonly underTest: 'server';
  /** The formats that it applies to. */
  readonly formats: readonly ForwardedFormat[];
  /** What it is sent to: the application, or proxy and application together. */
  readonly through: 'application' | 'proxy';
  /** What is sent. */
  readonly trial: ForwardedTrial;
}

/** Whose headers are sent, and how the proxy writes them. */
export interface ForwardedArrangement {
  /** Issues the clients. */
  readonly pki: Pki;
  readonly format: ForwardedFormat;
  /** Names of headers that the operator chose. */
  readonly names?: HeaderNames | undefined;
  /** The one peer that the application authorizes; default `{ commonName: 'client' }`. */
  readonly authorizes?: LegitimatePeer | undefined;
}

/** Requests, and what is to be known of their answers. */
export type ForwardedTrial = ApplicationTrial | ProxyTrial;

/** Requests to the application's own port, as octets. */
export interface ApplicationTrial {
  readonly kind: 'application';
  /** Each on a connection of its own, one after the other. Mints what it needs anew at each call. */
  readonly exchanges: (arrangement: ForwardedArrangement) => readonly ForwardedExchange[];
  /** The exchanges go on at the same time. */
  readonly concurrent?: true;
  /** They go to a port of the application that is not the proxy's. */
  readonly at?: 'direct';
  /** Only where the proxy passes on certificates that it has not verified. */
  readonly needsUnverified?: true;
  /** It is not HTTP as it should be: a connection that is closed without an answer is a refusal too. */
  readonly malformed?: true;
  /** It is more than an application has to take: 413, 414 and 431 are refusals too, and a connection that is closed. */
  readonly tooLarge?: true;
  /** It is the control without any header. */
  readonly isNegativeControl?: true;
}

/** What is sent over one connection. */
export interface ForwardedExchange {
  /** `with the header of nginx`: for messages, where a scenario has several. */
  readonly what?: string;
  readonly requests: readonly ForwardedRequest[];
  /** `pipelined`: in one write. `whole`: what comes back until the end of the connection is all of it assessed. Default: each after the answer to the one before. */
  readonly how?: 'pipelined' | 'whole';
}

/** A request. */
export interface ForwardedRequest {
  /** After the application's own headers, in this order. */
  readonly lines: readonly HeaderLine[];
  /** What it has to come to, where that is not the question of the scenario: otherwise nothing can be judged. */
  readonly control?: 'accepted' | 'refused';
  /** Default HTTP/1.1. */
  readonly http?: '1.0';
  /** Names in `Connection`, beside `close` or `keep-alive`. */
  readonly connection?: readonly string[];
  /** Sent after a body in chunks. */
  readonly trailers?: readonly HeaderLine[];
  /** A body with another request in it, and headers that disagree about its length. */
  readonly smuggles?: { readonly how: 'length-then-chunks' | 'chunks-then-length' | 'two-lengths'; readonly lines: readonly HeaderLine[] };
}

/** A client of proxy and application together. */
export interface ProxyTrial {
  readonly kind: 'proxy';
  /** The certificate that it presents in the handshake: of the peer that is authorized, of another one, or none. */
  readonly presents: 'authorized' | 'other' | 'nothing';
  /** What it sends besides, in the name of the client that it is not. */
  readonly exchanges: (arrangement: ForwardedArrangement) => readonly ForwardedExchange[];
  /** Over HTTP/2, where the proxy speaks it. */
  readonly http2?: true;
  readonly malformed?: true;
}
