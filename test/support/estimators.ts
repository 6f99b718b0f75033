import { Random } from '../../src/data/random.ts';
import type { FitData, FitWatch } from '../../src/estimators/fitData.ts';

/** A watch that lets a fit go on to its end. */
export const unwatched: FitWatch = { pause: () => Promise.resolve(), onProgress: () => undefined };

/** Rows [count, features] with targets [count, width]. */
export function fitData(
  kind: 'classes' | 'numbers',
  x: readonly (readonly number[])[],
  y: readonly (readonly number[])[],
): FitData {
  return {
    rows: { count: x.length, features: x[0]?.length ?? 0, values: Float32Array.from(x.flat()) },
    targets: { kind, width: y[0]?.length ?? 0, values: Float32Array.from(y.flat()) },
  };
}

/** Rows of three features, with distributions over classes, or numbers, that follow from them. */
export function madeData(kind: 'classes' | 'numbers', width: number, count: number, seed: number): FitData {
  const random = new Random(seed);
  const x = Array.from({ length: count }, () => [random.normal(), random.integer(4), random.normal()]);
  const y = x.map(([a = 0, b = 0, c = 0]) => {
    const scores = Array.from({ length: width }, (_, index) => Math.sin(2 * a + index) + b * (index - 1) + c * index);
    if (kind === 'numbers') return scores;
    const powers = scores.map((score) => Math.exp(2 * score));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  });
  return fitData(kind, x, y);
}

/** A distribution over two classes that is one of them. */
export const classOf = (label: number): readonly number[] => (label === 0 ? [1, 0] : [0, 1]);
