import { drawPoint } from '../space/numbers.ts';
import type { Space } from '../space/parameter.ts';
import type { Proposal, SeenTrial, Strategy } from './strategy.ts';

/** One in so many trials goes on from a rung to the next. */
export const REDUCTION = 3;

/** The epochs after which trials are compared, the whole training last: a third of a rung at the one before it. */
export function rungsOf(epochs: number): readonly number[] {
  const rungs: number[] = [];
  for (let rung = epochs; rung >= 1; rung /= REDUCTION) rungs.unshift(Math.round(rung));
  return [...new Set(rungs)];
}

/**
 * Asynchronous successive halving: trials at random, of which only the best third of a rung is trained on to the next one (Li et
 * al., "A System for Massively Parallel Hyperparameter Tuning", arXiv 1810.05934, algorithm 2).
 *
 * @param epochs of a whole training
 */
export function halvingStrategy(space: Space, epochs: number): Strategy {
  const rungs = rungsOf(epochs);
  const until = (rung: number): number | null => (rung === rungs.length - 1 ? null : (rungs[rung] ?? null));
  return (seen, { canBegin, random }) => {
    for (let rung = rungs.length - 2; rung >= 0; rung--) {
      const trial = promotable(seen, rungs[rung] ?? 1);
      if (trial) return { kind: 'continue', trial: trial.number, epochs: until(rung + 1) };
    }
    if (canBegin) return { kind: 'begin', point: drawPoint(space, random), epochs: until(0) };
    return lastOne(seen, rungs, until);
  };
}

/** So few trials that no third of them reached the end: the best of those that came farthest is trained on. */
function lastOne(
  seen: readonly SeenTrial[],
  rungs: readonly number[],
  until: (rung: number) => number | null,
): Proposal | undefined {
  if (seen.some(({ state }) => state === 'running' || state === 'finished')) return undefined;
  for (let rung = rungs.length - 2; rung >= 0; rung--) {
    const epochs = rungs[rung] ?? 1;
    const best = ranked(seen, epochs).find((trial) => isPausedAt(trial, epochs));
    if (best) return { kind: 'continue', trial: best.number, epochs: until(rung + 1) };
  }
  return undefined;
}

/** The best of those that stand at a rung and are among the best third of all that reached it. */
function promotable(seen: readonly SeenTrial[], rung: number): SeenTrial | undefined {
  const reached = ranked(seen, rung);
  return reached.slice(0, Math.floor(reached.length / REDUCTION)).find((trial) => isPausedAt(trial, rung));
}

/** All that reached a rung, the best first. */
function ranked(seen: readonly SeenTrial[], rung: number): readonly SeenTrial[] {
  const valueAt = (trial: SeenTrial): number => {
    const value = trial.rungs.get(rung) ?? Infinity;
    return Number.isNaN(value) ? Infinity : value;
  };
  return seen
    .filter((trial) => trial.rungs.has(rung))
    .toSorted((one, other) => compare(valueAt(one), valueAt(other)) || one.number - other.number);
}

function isPausedAt({ state, rungs }: SeenTrial, rung: number): boolean {
  return state === 'paused' && Math.max(...rungs.keys()) === rung;
}

/** Infinity equals itself, which subtraction does not know. */
function compare(one: number, other: number): number {
  return one === other ? 0 : one - other;
}
