import type { Random } from '../../data/random.ts';
import { isSearched, type NumberParameter, type Parameter, type Point, type Space } from './parameter.ts';

/** Ends of the interval in which a parameter is drawn: its logarithms where it is logarithmic, half a step wider where it has steps. */
export function innerRange({ low, high, step = 0, isLog }: Pick<NumberParameter, 'low' | 'high' | 'step' | 'isLog'>): {
  readonly low: number;
  readonly high: number;
} {
  const [first, last] = [low - step / 2, high + step / 2];
  return isLog ? { low: Math.log(first), high: Math.log(last) } : { low: first, high: last };
}

/** Where a value stands in `innerRange`. */
export function toInner({ isLog }: Pick<NumberParameter, 'isLog'>, value: number): number {
  return isLog ? Math.log(value) : value;
}

/** The value of the parameter that is nearest to a place in `innerRange`. */
export function fromInner({ low, high, step, isLog }: NumberParameter, inner: number): number {
  const value = isLog ? Math.exp(inner) : inner;
  const onStep = step === undefined ? value : low + Math.round((value - low) / step) * step;
  const last = step === undefined ? high : low + Math.floor((high - low) / step + 1e-9) * step;
  // A sum of steps such as 0.1 ends in digits that nobody wrote.
  return Number(Math.min(last, Math.max(low, onStep)).toPrecision(12));
}

/** A number of a parameter, each equally likely; of a logarithmic one each factor. */
export function drawNumber(parameter: Parameter, random: Random): number {
  if (parameter.kind === 'choice') return random.integer(parameter.choices.length);
  const { low, high } = innerRange(parameter);
  return fromInner(parameter, low + random.uniform() * (high - low));
}

/** A point of the space at random. */
export function drawPoint(space: Space, random: Random): Point {
  return pointOf(space, (parameter) => drawNumber(parameter, random));
}

/** A point, whose numbers are asked for one after the other, where they are searched. */
export function pointOf(space: Space, numberOf: (parameter: Parameter, point: Point) => number): Point {
  let point: Point = {};
  for (const parameter of space) {
    if (isSearched(parameter, space, point)) point = { ...point, [parameter.name]: numberOf(parameter, point) };
  }
  return point;
}

/** How many values a parameter has; Infinity where it takes any number of an interval. */
export function countOf(parameter: Parameter): number {
  if (parameter.kind === 'choice') return parameter.choices.length;
  return parameter.step === undefined
    ? Infinity
    : Math.floor((parameter.high - parameter.low) / parameter.step + 1e-9) + 1;
}

/** The numbers of a parameter that has finitely many, one at a time: they may be more than a list holds. */
function* numbersOf(parameter: Parameter): Generator<number> {
  for (let index = 0; index < countOf(parameter); index++) {
    yield parameter.kind === 'choice' ? index : Number((parameter.low + index * (parameter.step ?? 0)).toPrecision(12));
  }
}

/** Every point of a space, the last parameter changing fastest; of a space with intervals there are none. */
export function* allPoints(space: Space): Generator<Point> {
  if (space.every((parameter) => Number.isFinite(countOf(parameter)))) yield* completions(space, 0, {});
}

function* completions(space: Space, index: number, point: Point): Generator<Point> {
  const parameter = space[index];
  if (!parameter) {
    yield point;
  } else if (!isSearched(parameter, space, point)) {
    yield* completions(space, index + 1, point);
  } else {
    for (const number of numbersOf(parameter))
      yield* completions(space, index + 1, { ...point, [parameter.name]: number });
  }
}

/** How many points a space has; counts no further than `most`. Infinity where it has intervals. */
export function countPoints(space: Space, most: number): number {
  if (!space.every((parameter) => Number.isFinite(countOf(parameter)))) return Infinity;
  const points = allPoints(space);
  let count = 0;
  while (count <= most && points.next().done !== true) count++;
  return count;
}
