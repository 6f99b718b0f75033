import type { Random } from '../../data/random.ts';
import { drawPoint, pointOf } from '../space/numbers.ts';
import type { Parameter, Point, Space } from '../space/parameter.ts';
import { ParzenEstimator } from './parzen.ts';
import type { SeenTrial, Strategy } from './strategy.ts';

/** Trials at random before anything is concluded from them, and points of which the best is taken. */
const STARTUP = 10;
const CANDIDATES = 24;

/** How many of n trials are the good ones. */
function goodOnes(count: number): number {
  return Math.min(Math.ceil(0.1 * count), 25);
}

/**
 * The tree-structured Parzen estimator, for one aim: of points drawn from where good trials lie, the one that good trials explain
 * best in comparison with the others (Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NIPS 2011). Parameters that
 * are always searched are drawn together (arXiv 2304.11127), others one by one. Trials that run count as bad, so that several at
 * once differ. The numbers are Optuna's defaults.
 */
export function tpeStrategy(space: Space): Strategy {
  const together = space.filter(({ conditions }) => conditions.length === 0);
  return (seen, { canBegin, random }) => {
    if (!canBegin) return undefined;
    const ended = seen.filter(({ state }) => state !== 'running');
    if (ended.length < STARTUP) return { kind: 'begin', point: drawPoint(space, random), epochs: null };
    const { good, others } = divide(seen, goodOnes(ended.length));
    const joint = propose(together, good, others, random);
    const point = pointOf(
      space,
      (parameter) => joint[parameter.name] ?? propose([parameter], good, others, random)[parameter.name] ?? NaN,
    );
    return { kind: 'begin', point, epochs: null };
  };
}

/** The best `count` that were trained to their end, and all others, each oldest first. */
function divide(
  seen: readonly SeenTrial[],
  count: number,
): { readonly good: readonly Point[]; readonly others: readonly Point[] } {
  const valueOf = ({ values: [value = NaN] }: SeenTrial): number => (Number.isNaN(value) ? Infinity : value);
  const best = seen
    .filter(({ state }) => state === 'finished')
    .toSorted((one, other) =>
      valueOf(one) === valueOf(other) ? one.number - other.number : valueOf(one) - valueOf(other),
    )
    .slice(0, count);
  const isGood = new Set(best);
  const points = (trials: readonly SeenTrial[]): readonly Point[] => trials.map(({ point }) => point);
  return {
    good: points(seen.filter((trial) => isGood.has(trial))),
    others: points(seen.filter((trial) => !isGood.has(trial))),
  };
}

/** Numbers of the parameters that are likely where trials were good and unlikely where they were not. */
function propose(
  parameters: readonly Parameter[],
  good: readonly Point[],
  others: readonly Point[],
  random: Random,
): Point {
  if (parameters.length === 0) return {};
  const hasAll = (point: Point): boolean => parameters.every(({ name }) => point[name] !== undefined);
  const ofGood = new ParzenEstimator(parameters, good.filter(hasAll));
  const ofOthers = new ParzenEstimator(parameters, others.filter(hasAll));
  let best: { readonly point: Point; readonly gain: number } | undefined;
  for (let candidate = 0; candidate < CANDIDATES; candidate++) {
    const point = ofGood.draw(random);
    const gain = ofGood.logDensity(point) - ofOthers.logDensity(point);
    if (!best || gain > best.gain) best = { point, gain };
  }
  return best?.point ?? {};
}
