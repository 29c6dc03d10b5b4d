import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, type JWTVerifyOptions, jwtVerify } from 'jose';
import { readFields } from '../../../src/spiffe/protocol/protobuf.ts';
import { targetOf } from '../../../src/spiffe/source/watch.ts';
import type { SpiffeSource } from '../../../src/vitest/index.ts';
import { serviceWith } from './workload-service.ts';

/** Of the services. */
export const audience = 'billing';

/** What a service knows when it judges a token. */
export interface TokenKnowledge {
  /** JWKS documents by the id of the trust domain. */
  readonly bundles: ReadonlyMap<string, JSONWebKeySet>;
  /** Ids that are authorized. */
  readonly ids: readonly string[];
}

/** Whether a token is accepted. A rejection of the promise is a refusal. */
export type TokenRule = (token: string, knowledge: TokenKnowledge) => Promise<boolean>;

/** A service of https that authenticates each request by a JWT-SVID, beside its client certificate. */
export function serviceWithTokens(rule: TokenRule = verifyByJose): SpiffeSource['start'] {
  return (context) => {
    const keys = watchJwtBundles(targetOf(context.address));
    const authenticates = async (token: string): Promise<boolean> => {
      try {
        return await rule(token, { bundles: keys.bundles(), ids: context.authorizes });
      } catch {
        return false; // of jose: the token is not valid
      }
    };
    return serviceWith({
      authenticates: ({ headers: { authorization = '' } }) => authenticates(authorization.replace(/^Bearer /u, '')),
      onClose: () => keys.stop(),
    })(context);
  };
}

/** By the bundle of the trust domain that the subject is in. */
export async function verifyByJose(token: string, { bundles, ids }: TokenKnowledge, options: JWTVerifyOptions = {}): Promise<boolean> {
  const bundle = bundles.get(domainOf(token));
  return bundle !== undefined && isVerified(token, { bundle, ids, options });
}

/** By one set of keys. */
export async function isVerified(
  token: string,
  { bundle, ids, options }: { readonly bundle: JSONWebKeySet; readonly ids: readonly string[]; readonly options?: JWTVerifyOptions },
): Promise<boolean> {
  const { payload } = await jwtVerify(token, createLocalJWKSet(bundle), { audience, requiredClaims: ['exp'], ...options });
  return ids.includes(payload.sub ?? '');
}

/** The id of the trust domain that a token claims. */
export function domainOf(token: string): string {
  return (decodeJwt(token).sub ?? '').split('/').slice(0, 3).join('/');
}

/** Keeps the newest JWT bundles, also while the API does not answer. */
function watchJwtBundles(target: string): { readonly bundles: () => ReadonlyMap<string, JSONWebKeySet>; readonly stop: () => void } {
  const client = new Client(target, credentials.createInsecure());
  const header = new Metadata();
  header.set('workload.spiffe.io', 'true');
  let newest: ReadonlyMap<string, JSONWebKeySet> = new Map();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const open = (): void => {
    const stream = client.makeServerStreamRequest(
      '/SpiffeWorkloadAPI/FetchJWTBundles',
      (bytes: Buffer) => bytes,
      bundlesIn,
      Buffer.alloc(0),
      header,
    );
    stream.on('data', (bundles: ReadonlyMap<string, JSONWebKeySet>) => {
      newest = bundles;
    });
    stream.on('error', () => {
      if (!isStopped) timer = setTimeout(open, 50);
    });
  };
  open();
  return {
    bundles: () => newest,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      client.close();
    },
  };
}

/** Of a `JWTBundlesResponse`. Without `use`: jose takes keys of the use `sig` alone. */
function bundlesIn(message: Buffer): ReadonlyMap<string, JSONWebKeySet> {
  return new Map(
    readFields(message).map(({ value }) => {
      const parts = new Map(readFields(value).map(({ number, value: part }) => [number, part.toString()]));
      const { keys } = JSON.parse(parts.get(2) ?? '') as JSONWebKeySet; // the field is a JWKS document
      return [parts.get(1) ?? '', { keys: keys.map(({ use: _use, ...key }) => key) }];
    }),
  );
}
