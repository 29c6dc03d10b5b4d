import type { PeerCertificate } from '../x509/inspect-certificate.ts';

/** Fields of a certificate to compare: deeply, and only those given; `undefined` is met by a field that the certificate does not have. */
export type ExpectedCertificate = ExpectedFields<PeerCertificate>;

/** A value to compare with: equal to it, some of its fields, or an asymmetric matcher such as `expect.stringMatching(/a/)`. */
export type Expected<Value> =
  | Value
  | AsymmetricMatcher
  | (Value extends Date | Uint8Array | readonly unknown[] ? never : Value extends object ? ExpectedFields<Value> : never)
  | (Value extends readonly (infer Item)[] ? readonly Expected<Item>[] : never);

/** Some fields of an object to compare. */
export type ExpectedFields<Value> = { readonly [Field in keyof Value]?: Expected<Value[Field]> | undefined };

/** What `expect.stringMatching` and its kind return in Vitest, Jest and Bun; any object with this method can be used with a test runner that has none. */
export interface AsymmetricMatcher {
  asymmetricMatch(value: unknown): boolean;
}

/** Whether a value is as expected: objects by the expected fields, lists item by item, all else by its value. */
export function matchesExpected(value: unknown, expected: unknown): boolean {
  if (isAsymmetricMatcher(expected)) return expected.asymmetricMatch(value);
  if (Object.is(value, expected)) return true;
  if (typeof value !== 'object' || typeof expected !== 'object' || value === null || expected === null) return false;
  if (kindOf(value) !== kindOf(expected)) return false;
  if (kindOf(expected) === '[object Date]') return Number(value) === Number(expected);
  const isList = Array.isArray(expected) || ArrayBuffer.isView(expected);
  const fields = Object.keys(expected);
  if (isList && Object.keys(value).length !== fields.length) return false;
  return fields.every((field) => field in value && matchesExpected(Reflect.get(value, field), Reflect.get(expected, field)));
}

function isAsymmetricMatcher(value: unknown): value is AsymmetricMatcher {
  return typeof value === 'object' && value !== null && 'asymmetricMatch' in value && typeof value.asymmetricMatch === 'function';
}

/** Not by its class: Jest runs tests in a realm of their own, where Node's arrays and dates are of other classes. */
function kindOf(value: object): string {
  return Object.prototype.toString.call(value);
}
