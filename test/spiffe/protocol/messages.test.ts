import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import {
  decodeJwtSvidRequest,
  decodeValidateRequest,
  decodeX509SvidResponse,
  encodeJwtBundlesResponse,
  encodeJwtSvidResponse,
  encodeValidateResponse,
  encodeX509BundlesResponse,
  encodeX509SvidResponse,
} from '../../../src/spiffe/protocol/messages.ts';

/** The messages as the Workload API's specification numbers their fields. */
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message X509SVIDResponse { repeated X509SVID svids = 1; repeated bytes crl = 2; map<string, bytes> federated_bundles = 3; }
  message X509SVID { string spiffe_id = 1; bytes x509_svid = 2; bytes x509_svid_key = 3; bytes bundle = 4; string hint = 5; }
  message X509BundlesResponse { repeated bytes crl = 1; map<string, bytes> bundles = 2; }
  message JWTSVIDRequest { repeated string audience = 1; string spiffe_id = 2; }
  message JWTSVIDResponse { repeated JWTSVID svids = 1; }
  message JWTSVID { string spiffe_id = 1; string svid = 2; string hint = 3; }
  message JWTBundlesResponse { map<string, bytes> bundles = 1; }
  message ValidateJWTSVIDRequest { string audience = 1; string svid = 2; }
  message ValidateJWTSVIDResponse { string spiffe_id = 1; Struct claims = 2; }
  message Struct { map<string, Value> fields = 1; }
  message Value { oneof kind { int32 null_value = 1; double number_value = 2; string string_value = 3; bool bool_value = 4; Struct struct_value = 5; ListValue list_value = 6; } }
  message ListValue { repeated Value values = 1; }
`,
  { keepCase: true },
);
const read = (name: string, message: Uint8Array): unknown =>
  root.lookupType(name).toObject(root.lookupType(name).decode(message), { bytes: Buffer });
const write = (name: string, value: object): Uint8Array => root.lookupType(name).encode(value).finish();

const response = {
  svids: [
    { spiffeId: 'spiffe://a.test/x', certificates: Buffer.from('leaf'), key: Buffer.from('key'), bundle: Buffer.from('root'), hint: 'h' },
    { spiffeId: 'spiffe://a.test/y', certificates: Buffer.from('l2'), key: Buffer.from('k2'), bundle: Buffer.alloc(0), hint: '' },
  ],
  crls: [Buffer.from('crl')],
  federatedBundles: new Map([['spiffe://b.test', Buffer.from('other')]]),
};

test('X509-SVIDs are written as the specification numbers their fields, and read back', () => {
  const message = encodeX509SvidResponse(response);

  expect(read('X509SVIDResponse', message)).toEqual({
    svids: [
      {
        spiffe_id: 'spiffe://a.test/x',
        x509_svid: Buffer.from('leaf'),
        x509_svid_key: Buffer.from('key'),
        bundle: Buffer.from('root'),
        hint: 'h',
      },
      { spiffe_id: 'spiffe://a.test/y', x509_svid: Buffer.from('l2'), x509_svid_key: Buffer.from('k2'), bundle: Buffer.alloc(0) },
    ],
    crl: [Buffer.from('crl')],
    federated_bundles: { 'spiffe://b.test': Buffer.from('other') },
  });
  expect(decodeX509SvidResponse(message)).toEqual(response);
});

test('bundles are maps by trust domain', () => {
  const x509 = encodeX509BundlesResponse([Buffer.from('crl')], new Map([['spiffe://a.test', Buffer.from('root')]]));
  const jwt = encodeJwtBundlesResponse(new Map([['spiffe://a.test', '{"keys":[]}']]));

  expect(read('X509BundlesResponse', x509)).toEqual({ crl: [Buffer.from('crl')], bundles: { 'spiffe://a.test': Buffer.from('root') } });
  expect(read('JWTBundlesResponse', jwt)).toEqual({ bundles: { 'spiffe://a.test': Buffer.from('{"keys":[]}') } });
});

test('requests are read, with what is absent as empty', () => {
  const jwt = write('JWTSVIDRequest', { audience: ['a', 'b'], spiffe_id: 'spiffe://a.test/x' });

  expect(decodeJwtSvidRequest(jwt)).toEqual({ audience: ['a', 'b'], spiffeId: 'spiffe://a.test/x' });
  expect(decodeJwtSvidRequest(new Uint8Array(0))).toEqual({ audience: [], spiffeId: '' });
  expect(decodeValidateRequest(write('ValidateJWTSVIDRequest', { audience: 'a', svid: 't' }))).toEqual({ audience: 'a', token: 't' });
});

test('JWT-SVIDs and the claims of a valid one are written', () => {
  const svids = encodeJwtSvidResponse([{ spiffeId: 'spiffe://a.test/x', token: 'a.b.c', hint: 'h' }]);
  const claims = { sub: 's', exp: 1.5, zero: 0, on: false, none: null, aud: ['a', 1], deep: { x: 'y' } };

  expect(read('JWTSVIDResponse', svids)).toEqual({ svids: [{ spiffe_id: 'spiffe://a.test/x', svid: 'a.b.c', hint: 'h' }] });
  expect(read('ValidateJWTSVIDResponse', encodeValidateResponse('spiffe://a.test/x', claims))).toEqual({
    spiffe_id: 'spiffe://a.test/x',
    claims: {
      fields: {
        sub: { string_value: 's' },
        exp: { number_value: 1.5 },
        zero: { number_value: 0 },
        on: { bool_value: false },
        none: { null_value: 0 },
        aud: { list_value: { values: [{ string_value: 'a' }, { number_value: 1 }] } },
        deep: { struct_value: { fields: { x: { string_value: 'y' } } } },
      },
    },
  });
});
