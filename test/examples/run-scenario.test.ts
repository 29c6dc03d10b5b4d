import { createPki, startTlsServer } from 'mtls-fixtures';
import { expect, test } from 'vitest';
// #region import
import { clientScenarios, runScenario } from 'mtls-fixtures/scenarios';
// #endregion

test('one scenario, whatever the test runner', async () => {
  const pki = createPki();
  await using server = await startTlsServer({ pki });

  // #region run
  for (const scenario of clientScenarios.filter(({ group }) => group === 'time')) {
    const result = await runScenario(scenario, { pki, target: server });
    // result.status: 'as-expected', 'unexpected' or 'not-judged'; result.message says why
    if (result.unsuitable) continue; // Node.js cannot show it, or is known to answer otherwise: no failure, and no pass
    expect(result.status, result.message).toBe('as-expected');
  }
  // #endregion
});
