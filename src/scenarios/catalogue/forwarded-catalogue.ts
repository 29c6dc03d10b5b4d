import { certificates } from './forwarded/certificates.ts';
import { chains } from './forwarded/chains.ts';
import { connections } from './forwarded/connections.ts';
import { doubled } from './forwarded/doubled.ts';
import { encodings } from './forwarded/encodings.ts';
import { envoyElements } from './forwarded/envoy-elements.ts';
import type { ForwardedScenario } from './forwarded/forwarded-scenario.ts';
import { otherNames } from './forwarded/names.ts';
import { octets } from './forwarded/octets.ts';
import { origins } from './forwarded/origins.ts';
import { missingClients } from './forwarded/presence.ts';
import { spellings } from './forwarded/spellings.ts';
import { throughProxy } from './forwarded/through-proxy.ts';
import { verdicts } from './forwarded/verdicts.ts';
import { lazyList } from './lazy-list.ts';

/** What an application behind a proxy that ends TLS must not take for the identity of a client, and what a client must not get past the proxy. */
export const forwardedScenarios: readonly ForwardedScenario[] = lazyList(() => [
  ...missingClients(),
  ...origins(),
  ...otherNames(),
  ...doubled(),
  ...spellings(),
  ...encodings(),
  ...verdicts(),
  ...certificates(),
  ...chains(),
  ...envoyElements(),
  ...octets(),
  ...connections(),
  ...throughProxy(),
]);
