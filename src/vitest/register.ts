import { expect } from 'vitest';
import { recordedMatchers } from './recorded-matchers.ts';
import './expect-types.ts';

expect.extend({ ...recordedMatchers });

export { expect };
