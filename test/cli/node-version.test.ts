import { expect, test } from 'vitest';
import { requireNode } from '../../src/cli/node-version.ts';

test.for(['20.20.2', '22.11.0', '18.0.0'])('Node.js %s is rejected', (version) => {
  expect(() => requireNode(version)).toThrow(
    expect.objectContaining({ code: 'RUNTIME_UNSUPPORTED', message: expect.stringContaining(`Node.js "${version}"`) }),
  );
});

test.for(['22.12.0', '24.0.0', '26.10.0', process.versions.node])('Node.js %s is accepted', (version) => {
  expect(() => requireNode(version)).not.toThrow();
});
