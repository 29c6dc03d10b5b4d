import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { integer, objectIdentifier, octetString, sequence } from '../../../../asn1/der-writer.ts';

/**
 * A new DSA key of 2,048 bits in the group of RFC 5114 2.3. Node.js looks for a new group each time, which takes it 0.1 to 0.8 s, and a key in
 * a known one takes 1.4 ms (measured on Node 26.10).
 */
export function generateDsaKey(): KeyObject {
  const secret = BigInt(`0x01${randomBytes(30).toString('hex')}`); // 241 bits: above 0, below the order of 256 bits
  const algorithm = sequence(objectIdentifier('1.2.840.10040.4.1'), group);
  const key = Buffer.from(sequence(integer(0), algorithm, octetString(integer(secret))));
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** Dss-Parms (RFC 3279 2.3.2): p, q, g. */
const group = Buffer.from(
  [
    'MIICLAKCAQEAh6jmHbS2Zjz/u9GcZRlZmYzu9ghmDdDyXSzu1ENeOwDgDfjx1hlX1Pr330VhsqowFsPZETQJb6o79Cltgw6afCCeDGSXUXq9WoqdMGvPZ+2R+eZyW',
    '0dYwCLgse9Cdb97bFv8EdRfkIi5QfVOseWbuLw5oL8SMH9cT9twxYGyP3a2Osrhyqa3kC1SUmc1SIoO8TxtmlG/pKs62DR3llJNjvahZ7WkGCXZZ+FE5RQFZCUcys',
    'uD5rSG9rPKP3lxUGAmwLhX9omWKFbe1AEKvQvmIcOjlgpU5xDDdfJjddcBQQOktUMwwZivEmEW0iduEXFfaTh3+tfvCcrbCUrpHhoVlwIhAIz4NkKnCaCXtEeZdkA',
    'SnaKZsaR9HrN1C6MIsP5k9fvTAoIBAD+zLJtzE00LLndQZmDtvUhMp7GPIe8gVAf0eToaC6ElENvBUHe+Rj//T+1KrAu1Vb46bBsMa0exvDdzv36Mb2KQEij4woy7',
    'GKVa4xNBAAplAZb5Mcd6V/Ld9GPl6ewUS3d95iqquKhiisN20oLW7Thk5nmCQo68gx0UNI9vL5GTtQRa8nZxZOHfyWfB+z8uVaS9G//oO5yA0FK5hdGC6grbKjtzE',
    '9P+FMhISx4FJYi5t9K70t8BYZns0G4VV80JFbM1O7tk4Ow3f9AoNw35K1LHiRQozcZ+thhLUj0dskbDL2MHhJDwDvjWR9FI1HlUUV4jJ8/vmMWCZktMD2zEFlk=',
  ].join(''),
  'base64',
);
