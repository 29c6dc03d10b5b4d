import { invalidOption, type MtlsFixturesError, textOf } from '../../errors/index.ts';
import { requireKeyAlgorithm } from '../../pki/key-algorithm.ts';

/** The check of the option `serverKeys`. Throws `OPTION_INVALID`, and `KEY_ALGORITHM_UNKNOWN` for what is not an algorithm. */
export function requireServerKeys(option: string, keys: unknown): void {
  if (!Array.isArray(keys) || keys.length === 0) throw invalid(option, Array.isArray(keys) ? 'none' : textOf(keys));
  const names: readonly unknown[] = keys;
  for (const name of names) requireKeyAlgorithm(textOf(name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(option, `${textOf(twice)}, twice`);
}

function invalid(option: string, value: string): MtlsFixturesError {
  return invalidOption(option, value, 'key algorithms, each once: ec-p384, rsa-2048, ed25519 or others');
}
