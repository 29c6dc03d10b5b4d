import { bun } from './bun.ts';
import { erlang } from './erlang.ts';
import { go119 } from './go-1.19.ts';
import { go126 } from './go-1.26.ts';
import { go } from './go.ts';
import { gnutls38 } from './gnutls-3.8.ts';
import { gnutls } from './gnutls.ts';
import { java } from './java.ts';
import type { MeasuredStack } from './measured-stack.ts';
import { mbedtls } from './mbedtls.ts';
import { nss } from './nss.ts';
import { perl } from './perl.ts';
import { php } from './php.ts';
import { ruby } from './ruby.ts';
import { rustls } from './rustls.ts';
import { wolfssl } from './wolfssl.ts';

/** Stacks of which each credential of the catalogue was measured, by `test/interop/peers/measure.ts`. */
export const measuredStacks: readonly MeasuredStack[] = [
  gnutls,
  gnutls38,
  go,
  go119,
  go126,
  java,
  bun,
  wolfssl,
  mbedtls,
  rustls,
  nss,
  erlang,
  php,
  ruby,
  perl,
];
