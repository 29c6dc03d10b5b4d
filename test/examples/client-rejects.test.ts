// #region client
import https from 'node:https';
import { describeClientUnderTest } from 'mtls-fixtures/vitest';

/** Your client, as it is used in production. */
function fetchGreeting(url: string, options: https.RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, { ...options, agent: false, timeout: 3000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text));
      response.on('error', reject); // a response that is cut off
    });
    request.on('timeout', () => request.destroy(new Error('no answer within three seconds')));
    request.on('error', reject);
  });
}

describeClientUnderTest('the client', ({ url, tls }) => fetchGreeting(url, tls), { stack: 'node' });
// #endregion
