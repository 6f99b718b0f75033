import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nsga2Strategy } from '../../src/search/strategies/nsga2.ts';
import { randomStrategy } from '../../src/search/strategies/random.ts';
import { tpeStrategy } from '../../src/search/strategies/tpe.ts';
import {
  bestOf,
  functionsOfOneAim,
  functionsOfTwoAims,
  hypervolume,
  median,
  searchFunction,
} from '../../test/support/searchFunctions.ts';

/** What the aims are measured against, and trials of a generation. */
const REFERENCE = [1.1, 7] as const;
const POPULATION = 20;

/**
 * Compares TPE and NSGA-II with trials at random and, where that is, with Optuna on standard functions.
 * @returns 1 when TPE beats chance on fewer than four of six functions, else 0
 */
export function benchFunctions(count: number, names: readonly string[]): number {
  const seeds = Array.from({ length: count }, (_, seed) => seed);
  const isWanted = ({ name }: { readonly name: string }): boolean => names.length === 0 || names.includes(name);
  const theirs = optunaFound(count, names);
  let beaten = 0;
  console.log(
    theirs === undefined
      ? `Without Optuna (pip install optuna, DISTILLERY_BENCH_PYTHON=PYTHON), ${count} seeds: median (quartiles).\n`
      : `Optuna ${String(theirs['version'])}, ${count} seeds: median (quartiles); the last column is how often ours is the better of two.\n`,
  );
  console.log('| function | trials | random | ours | Optuna | ours better |\n|---|---|---|---|---|---|');
  for (const made of functionsOfOneAim.filter(isWanted)) {
    const random = seeds.map((seed) => bestOf(searchFunction(randomStrategy(made.space), made, seed)));
    const ours = seeds.map((seed) => bestOf(searchFunction(tpeStrategy(made.space), made, seed)));
    const optuna = theirs?.[made.name] ?? [];
    if (median(ours) < median(random)) beaten += 1;
    console.log(
      `| ${made.name}, TPE | ${made.trials} | ${spread(random)} | ${spread(ours)} | ${spread(optuna)} | ${shareSmaller(ours, optuna).toFixed(2)} |`,
    );
  }
  for (const made of functionsOfTwoAims.filter(isWanted)) {
    const area = (make: typeof randomStrategy): number[] =>
      seeds.map((seed) => hypervolume(searchFunction(make(made.space), made, seed), REFERENCE));
    const ours = area((space) => nsga2Strategy(space, POPULATION));
    const optuna = theirs?.[made.name] ?? [];
    console.log(
      `| ${made.name}, NSGA-II, hypervolume | ${made.trials} | ${spread(area(randomStrategy))} | ${spread(ours)} | ${spread(optuna)} | ${shareSmaller(optuna, ours).toFixed(2)} |`,
    );
  }
  const tried = functionsOfOneAim.filter(isWanted).length;
  const bar = Math.ceil((tried * 4) / 6);
  console.log(`\nTPE beats chance on ${beaten} of ${tried} (bar ${bar})${beaten < bar ? '  MISSED' : ''}`);
  return beaten < bar ? 1 : 0;
}

/** What Optuna finds; undefined where there is none. */
function optunaFound(count: number, names: readonly string[]): Readonly<Record<string, readonly number[]>> | undefined {
  const python = process.env['DISTILLERY_BENCH_PYTHON'] ?? 'python3';
  const script = fileURLToPath(new URL('search.py', import.meta.url));
  try {
    const output = execFileSync(python, [script, String(count), ...names], { encoding: 'utf8', stdio: 'pipe' });
    return JSON.parse(output) as Readonly<Record<string, readonly number[]>>;
  } catch {
    return undefined;
  }
}

/** Median and quartiles. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
  return `${median(values).toPrecision(3)} (${at(0.25).toPrecision(3)} to ${at(0.75).toPrecision(3)})`;
}

/** Share of pairs in which one is smaller than the other: 0.5 where both are as good, by Mann and Whitney. */
function shareSmaller(one: readonly number[], other: readonly number[]): number {
  const wins = one.flatMap((a) => other.map((b) => (a < b ? 1 : a === b ? 0.5 : 0) as number));
  return wins.reduce((sum, win) => sum + win, 0) / wins.length;
}
