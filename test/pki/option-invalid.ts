import { expect } from 'vitest';

/** What a call with this option and this value has to throw. */
export function optionInvalid(option: string, value: string): unknown {
  return expect.objectContaining({ code: 'OPTION_INVALID', facts: expect.objectContaining({ option, value }) });
}
