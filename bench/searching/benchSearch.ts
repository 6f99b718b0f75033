import { benchAtOnce } from './atOnce.ts';
import { benchFunctions } from './functions.ts';
import { benchHalving } from './halving.ts';

/**
 * Measures the search: `functions` (TPE and NSGA-II against chance and Optuna), `halving` (on MNIST against chance), `at-once` (two
 * trials at once against one after the other); all without a word. `seeds=N` says how many seeds; other words name functions.
 *
 * @returns how many bars were missed
 */
export async function benchSearch(words: readonly string[]): Promise<number> {
  const parts = ['functions', 'halving', 'at-once'];
  const asked = words.filter((word) => parts.includes(word));
  const isWanted = (part: string): boolean => asked.length === 0 || asked.includes(part);
  const given = words.find((word) => word.startsWith('seeds='))?.slice('seeds='.length);
  const names = words.filter((word) => !parts.includes(word) && !word.startsWith('seeds='));
  let missed = 0;
  if (isWanted('functions')) missed += benchFunctions(Number(given ?? 20), names);
  if (isWanted('halving')) missed += await benchHalving(Number(given ?? 5));
  if (isWanted('at-once')) missed += await benchAtOnce();
  return missed;
}
