import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { ipToOctets, octetsToIp } from '../../../src/x509/names/ip-address.ts';

describe('an address', () => {
  test.for([
    ['0.0.0.0', '00000000', '0.0.0.0'],
    ['127.0.0.1', '7f000001', '127.0.0.1'],
    ['255.255.255.255', 'ffffffff', '255.255.255.255'],
    ['::', '00000000000000000000000000000000', '::'],
    ['::1', '00000000000000000000000000000001', '::1'],
    ['1::', '00010000000000000000000000000000', '1::'],
    ['fe80::1', 'fe800000000000000000000000000001', 'fe80::1'],
    ['::ffff:1.2.3.4', '00000000000000000000ffff01020304', '::ffff:102:304'],
    ['::1.2.3.4', '00000000000000000000000001020304', '::102:304'],
    ['64:ff9b::192.0.2.33', '0064ff9b0000000000000000c0000221', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:1.2.3.4', '00010002000300040005000601020304', '1:2:3:4:5:6:102:304'],
    ['2001:db8:1:2:3:4:5:6', '20010db8000100020003000400050006', '2001:db8:1:2:3:4:5:6'],
    ['2001:0DB8:0000:0000:0000:0000:0000:00FF', '20010db80000000000000000000000ff', '2001:db8::ff'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '00000002000300040005000600070008', '0:2:3:4:5:6:7:8'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ffffffffffffffffffffffffffffffff', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ] as const)('%s becomes octets, and they its usual text', ([text, octets, usual]) => {
    const written = ipToOctets(text);

    expect(Buffer.from(written ?? []).toString('hex')).toBe(octets);
    expect(octetsToIp(Buffer.from(octets, 'hex'))).toBe(usual);
    expect(ipToOctets(usual)).toEqual(written);
  });

  test.for([
    ['the longest run of zeros is the one left out', '20010db8000000000001000000000000', '2001:db8:0:0:1::'],
    ['of equal runs the first is left out', '20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['a single zero group is written', '20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['a group that merely ends in zero is not zero', '00100000000000100020003000400050', '10::10:20:30:40:50'],
    ['zeros at the end', 'fe800001000200030004000500000000', 'fe80:1:2:3:4:5::'],
  ] as const)('%s (RFC 5952)', ([, octets, text]) => {
    expect(octetsToIp(Buffer.from(octets, 'hex'))).toBe(text);
    expect(net.isIPv6(text)).toBe(true);
  });

  test('every pattern of zero groups is written so that it reads back', () => {
    for (let pattern = 0; pattern < 256; pattern += 1) {
      const octets = Uint8Array.from({ length: 16 }, (_unused, index) => (pattern & (1 << (index >> 1)) && index & 1 ? 0x10 : 0));

      const text = octetsToIp(octets);

      expect([text, net.isIPv6(text), ipToOctets(text)]).toEqual([text, true, octets]);
    }
  });
});

test.for([
  '',
  'localhost',
  '1.2.3',
  '1.2.3.4.5',
  '256.0.0.1',
  '01.2.3.4',
  '1.2.3.4/8',
  ' 1.2.3.4',
  ':',
  ':::',
  '1::2::3',
  'fe80::1%eth0',
  '1:2:3:4:5:6:7',
  '::g',
  '[::1]',
  '::1.2.3.256',
])('"%s" is not an address', (text) => {
  expect(ipToOctets(text)).toBeUndefined();
});

test.for([
  ['', '0x'],
  ['010203', '0x010203'],
  ['0a000000ff000000', '0x0a000000ff000000'],
] as const)('the octets "%s", which no address has, are shown as %s', ([octets, text]) => {
  expect(octetsToIp(Buffer.from(octets, 'hex'))).toBe(text);
});
