import type { Random } from '../../data/random.ts';
import { drawNumber, drawPoint, pointOf } from '../space/numbers.ts';
import type { Point, Space } from '../space/parameter.ts';
import { crowdingDistances, paretoFronts } from './pareto.ts';
import type { SeenTrial, Strategy } from './strategy.ts';

/** Share of children that have two parents, and of the second parent's values that they take. */
const CROSSOVER = 0.9;
const SWAPPING = 0.5;

/** A trial with how good it is among its generation: the front it is in, then how lonely it is there. */
interface Ranked {
  readonly trial: SeenTrial;
  readonly front: number;
  readonly crowding: number;
}

/** Trials of a generation where as many are trained as are asked for. */
export function populationOf(trials: number): number {
  return Math.min(50, Math.max(8, Math.round(trials / 5)));
}

/**
 * NSGA-II, for several aims: children of the best trials, where the best are those that fewest dominate and, among equals, the
 * loneliest (Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE TEC 2002). Uniform crossover; one
 * value of a child is drawn anew on average.
 *
 * @param population trials of a generation
 */
export function nsga2Strategy(space: Space, population: number): Strategy {
  const known = new Map<string, readonly Ranked[]>();
  return (seen, { canBegin, random }) => {
    if (!canBegin) return undefined;
    const parents = parentsOf(seen, population, known);
    const point = parents.length === 0 ? drawPoint(space, random) : childOf(space, parents, random);
    return { kind: 'begin', point, epochs: null };
  };
}

/** The best of the last full generation and of its parents. @param known what was found before, by the trials that it follows from */
function parentsOf(
  seen: readonly SeenTrial[],
  population: number,
  known: Map<string, readonly Ranked[]>,
): readonly Ranked[] {
  const finished = seen.filter(({ state, values }) => state === 'finished' && values.every(Number.isFinite));
  let parents: readonly Ranked[] = [];
  let key = '';
  for (let first = 0; first + population <= finished.length; first += population) {
    const generation = finished.slice(first, first + population);
    key += generation.map(({ number, values }) => `${number}:${values.join(',')};`).join('');
    parents = known.get(key) ?? best([...parents.map(({ trial }) => trial), ...generation], population);
    known.set(key, parents);
  }
  return parents;
}

function best(trials: readonly SeenTrial[], count: number): readonly Ranked[] {
  const ranked = paretoFronts(trials).flatMap((front, index) => {
    const crowding = crowdingDistances(front);
    return front
      .map((trial) => ({ trial, front: index, crowding: crowding.get(trial) ?? 0 }))
      .toSorted((one, other) => (one.crowding === other.crowding ? 0 : other.crowding - one.crowding));
  });
  return ranked.slice(0, count);
}

function childOf(space: Space, parents: readonly Ranked[], random: Random): Point {
  const first = winner(parents, random);
  const others = parents.filter(({ trial }) => trial.point !== first);
  const second = others.length > 0 && random.uniform() < CROSSOVER ? winner(others, random) : first;
  const mutation = 1 / Math.max(1, space.length);
  return pointOf(space, (parameter) => {
    if (random.uniform() < mutation) return drawNumber(parameter, random);
    const [one, other] = random.uniform() < SWAPPING ? [second, first] : [first, second];
    return one[parameter.name] ?? other[parameter.name] ?? drawNumber(parameter, random);
  });
}

/** The better of two at random. */
function winner(parents: readonly Ranked[], random: Random): Point {
  const one = parents[random.integer(parents.length)];
  const other = parents[random.integer(parents.length)];
  if (!one || !other) return {};
  const isBetter = one.front < other.front || (one.front === other.front && one.crowding > other.crowding);
  return (isBetter ? one : other).trial.point;
}
