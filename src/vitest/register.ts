import { expect } from 'vitest';
import { matchers } from '../matchers/all-matchers.ts';
import './expect-types.ts';

expect.extend({ ...matchers });

export { expect };
