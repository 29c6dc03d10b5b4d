import { startHttpsServer } from '../../../src/index.ts';
import { describeWith } from '../judges.ts';
import { testClient } from './client-suite.ts';
import { curl } from './curl.ts';

describeWith('curl')('curl', () => {
  testClient('curl', {
    start: () => Promise.resolve(curl()),
    startServer: (options) => startHttpsServer((_request, response) => response.end('hello'), options),
  });
});
