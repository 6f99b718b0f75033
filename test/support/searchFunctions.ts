import { randomStream } from '../../src/data/random.ts';
import type { Parameter, Point, Space } from '../../src/search/space/parameter.ts';
import type { SeenTrial, Strategy } from '../../src/search/strategies/strategy.ts';

/** A field that takes any number of an interval. */
export function numberBetween(
  name: string,
  low: number,
  high: number,
  more: Partial<Extract<Parameter, { kind: 'number' }>> = {},
): Parameter {
  return { kind: 'number', name, path: [name], conditions: [], low, high, isLog: false, step: undefined, ...more };
}

/** A field that takes one of several values. */
export function choiceOf(name: string, choices: readonly unknown[]): Parameter {
  return { kind: 'choice', name, path: [name], conditions: [], choices };
}

/** A function that searches are compared on, each of its values the better the smaller. */
export interface SearchFunction {
  readonly name: string;
  readonly space: Space;
  readonly trials: number;
  /** Of the point's numbers, choices by their index. */
  readonly values: (point: Point) => readonly number[];
}

const axes = (count: number, low: number, high: number): Space =>
  Array.from({ length: count }, (_, index) => numberBetween(`x${index}`, low, high));
const numbersOf = (point: Point): readonly number[] => Object.values(point);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Usual functions of one aim, whose smallest value is 0 but Branin's 0.3979 and Hartmann's −3.3224. */
export const functionsOfOneAim: readonly SearchFunction[] = [
  { name: 'sphere', space: axes(4, -5, 5), trials: 60, values: (point) => [sum(numbersOf(point).map((x) => x ** 2))] },
  {
    name: 'branin',
    space: [numberBetween('x0', -5, 10), numberBetween('x1', 0, 15)],
    trials: 60,
    values: ({ x0 = 0, x1 = 0 }) => [
      (x1 - (5.1 / (4 * Math.PI ** 2)) * x0 ** 2 + (5 / Math.PI) * x0 - 6) ** 2 +
        10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x0) +
        10,
    ],
  },
  {
    name: 'rosenbrock',
    space: axes(3, -2, 2),
    trials: 60,
    values: ({ x0 = 0, x1 = 0, x2 = 0 }) => [
      100 * (x1 - x0 ** 2) ** 2 + (1 - x0) ** 2 + 100 * (x2 - x1 ** 2) ** 2 + (1 - x1) ** 2,
    ],
  },
  {
    name: 'hartmann6',
    space: axes(6, 0, 1),
    trials: 60,
    values: (point) => [hartmann(numbersOf(point))],
  },
  {
    name: 'ackley',
    space: axes(3, -5, 5),
    trials: 60,
    values: (point) => {
      const x = numbersOf(point);
      const [squares, cosines] = [
        sum(x.map((value) => value ** 2)) / 3,
        sum(x.map((value) => Math.cos(2 * Math.PI * value))) / 3,
      ];
      return [20 + Math.E - 20 * Math.exp(-0.2 * Math.sqrt(squares)) - Math.exp(cosines)];
    },
  },
  {
    // As a training: a rate whose logarithm counts, a whole width, and a kind with an offset of its own.
    name: 'mixed',
    space: [
      numberBetween('rate', 1e-5, 1, { isLog: true }),
      numberBetween('width', 8, 512, { isLog: true, step: 1 }),
      choiceOf('kind', ['a', 'b', 'c', 'd']),
    ],
    trials: 60,
    values: ({ rate = 1, width = 8, kind = 0 }) => [
      (Math.log10(rate) + 2.5) ** 2 + 0.5 * (Math.log2(width) - 6) ** 2 + ([0.5, 0, 1, 2][kind] ?? 0),
    ],
  },
];

/** Zitzler, Deb and Thiele's functions of two aims, both of 0…1 on the best front. */
export const functionsOfTwoAims: readonly SearchFunction[] = (
  [
    ['zdt1', (first: number, g: number) => g * (1 - Math.sqrt(first / g))],
    ['zdt2', (first: number, g: number) => g * (1 - (first / g) ** 2)],
    [
      'zdt3',
      (first: number, g: number) => g * (1 - Math.sqrt(first / g) - (first / g) * Math.sin(10 * Math.PI * first)),
    ],
  ] as const
).map(([name, second]) => ({
  name,
  space: axes(6, 0, 1),
  trials: 400,
  values: (point: Point) => {
    const [first = 0, ...rest] = numbersOf(point);
    return [first, second(first, 1 + (9 * sum(rest)) / rest.length)];
  },
}));

function hartmann(x: readonly number[]): number {
  const alpha = [1, 1.2, 3, 3.2];
  const a = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ];
  const p = [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
  ];
  return -sum(
    alpha.map(
      (weight, row) =>
        weight *
        Math.exp(
          -sum(x.map((value, column) => (a[row]?.[column] ?? 0) * (value - (p[row]?.[column] ?? 0) / 1e4) ** 2)),
        ),
    ),
  );
}

/** Trials of a function, one after the other. */
export function searchFunction(
  strategy: Strategy,
  { values, trials }: Pick<SearchFunction, 'values' | 'trials'>,
  seed: number,
): readonly SeenTrial[] {
  const seen: SeenTrial[] = [];
  for (let number = 0; number < trials; number++) {
    const proposal = strategy(seen, { canBegin: true, random: randomStream(seed, `trial/${number}`) });
    if (proposal?.kind !== 'begin') break;
    seen.push({ number, point: proposal.point, state: 'finished', values: values(proposal.point), rungs: new Map() });
  }
  return seen;
}

/** The smallest first value that was found. */
export function bestOf(trials: readonly SeenTrial[]): number {
  return Math.min(...trials.map(({ values: [value = NaN] }) => value));
}

/** The area that two aims dominate below a reference point. */
export function hypervolume(trials: readonly SeenTrial[], [right, top]: readonly [number, number]): number {
  const points = trials
    .map(({ values: [x = NaN, y = NaN] }) => ({ x, y }))
    .filter(({ x, y }) => x < right && y < top)
    .sort((one, other) => one.x - other.x || one.y - other.y);
  let [area, lowest] = [0, top];
  for (const { x, y } of points) {
    if (y >= lowest) continue;
    area += (right - x) * (lowest - y);
    lowest = y;
  }
  return area;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
