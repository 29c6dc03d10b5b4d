import { startGateway } from '../../../src/forwarded/index.ts';
import { describeServerUnderTest } from '../../../src/vitest/index.ts';
import { mirror } from './application.ts';

describeServerUnderTest(
  'a gateway',
  {
    start: ({ identity, trust, crl, hosts = {} }) => startGateway({ identity, trust, crl, hosts, upstream: mirror, format: 'rfc9440' }),
  },
  { tiers: ['core'], versions: ['TLSv1.3'] },
);
