import type { Random } from '../../data/random.ts';
import { fromInner, innerRange, toInner } from '../space/numbers.ts';
import type { ChoiceParameter, NumberParameter, Parameter, Point } from '../space/parameter.ts';
import { normalMass, normalQuantile, normalShare } from './normal.ts';

/** Observations up to which all weigh alike; of more, older ones weigh less. */
const RECENT = 25;
const LOG_ROOT_OF_TWO_PI = Math.log(2 * Math.PI) / 2;

/** The distribution of one parameter in each part of the mixture. */
interface Kernels {
  draw(kernel: number, random: Random): number;
  logDensity(kernel: number, value: number): number;
}

/**
 * A density over points: a mixture with one part for each observed point, and one for what is known without any, which spreads
 * over the whole space. In each part the parameters are independent: a normal distribution around the observed number, cut off
 * at the ends, or the observed choice with most of the probability. As in Optuna, whose defaults it has.
 */
export class ParzenEstimator {
  readonly #parameters: readonly Parameter[];
  readonly #kernels: readonly Kernels[];
  readonly #weights: readonly number[];

  /** @param points that have all of the parameters, oldest first */
  constructor(parameters: readonly Parameter[], points: readonly Point[]) {
    this.#parameters = parameters;
    const weights = [...weightsOf(points.length), 1];
    const sum = weights.reduce((total, weight) => total + weight, 0);
    this.#weights = weights.map((weight) => weight / sum);
    this.#kernels = parameters.map((parameter) => {
      const observed = points.map((point) => point[parameter.name] ?? NaN);
      return parameter.kind === 'choice' ? choiceKernels(parameter, observed) : numberKernels(parameter, observed);
    });
  }

  draw(random: Random): Point {
    const kernel = pick(this.#weights, random);
    return Object.fromEntries(
      this.#parameters.map(({ name }, index) => [name, this.#kernels[index]?.draw(kernel, random) ?? NaN]),
    );
  }

  logDensity(point: Point): number {
    const parts = this.#weights.map((weight, kernel) =>
      this.#parameters.reduce(
        (sum, { name }, index) => sum + (this.#kernels[index]?.logDensity(kernel, point[name] ?? NaN) ?? NaN),
        Math.log(weight),
      ),
    );
    const largest = Math.max(...parts);
    if (largest === -Infinity) return largest;
    return largest + Math.log(parts.reduce((sum, part) => sum + Math.exp(part - largest), 0));
  }
}

/** The last 25 weigh 1; those before from 1/n on, ever more. */
function weightsOf(count: number): readonly number[] {
  const older = Math.max(0, count - RECENT);
  return Array.from({ length: count }, (_, index) =>
    index >= older ? 1 : older === 1 ? 1 / count : 1 / count + ((1 - 1 / count) * index) / (older - 1),
  );
}

function choiceKernels({ choices }: ChoiceParameter, observed: readonly number[]): Kernels {
  const kernels = observed.length + 1;
  const share = 1 / kernels;
  const weightOf = (kernel: number, choice: number): number => {
    const seen = observed[kernel];
    // Without observations all choices are as likely.
    if (seen === undefined) return 1 / choices.length;
    return (share + (seen === choice ? 1 : 0)) / (share * choices.length + 1);
  };
  return {
    draw: (kernel, random) =>
      pick(
        choices.map((_, choice) => weightOf(kernel, choice)),
        random,
      ),
    logDensity: (kernel, choice) => Math.log(weightOf(kernel, choice)),
  };
}

function numberKernels(parameter: NumberParameter, observed: readonly number[]): Kernels {
  const { low, high } = innerRange(parameter);
  const centres = observed.map((value) => toInner(parameter, value));
  const widths = widthsOf(centres, low, high);
  const means = [...centres, (low + high) / 2];
  const deviations = [...widths, high - low];
  const masses = means.map((mean, kernel) =>
    normalMass((low - mean) / (deviations[kernel] ?? 1), (high - mean) / (deviations[kernel] ?? 1)),
  );
  const scaled = (kernel: number, inner: number): number => (inner - (means[kernel] ?? 0)) / (deviations[kernel] ?? 1);
  return {
    draw: (kernel, random) => {
      const share = normalShare(scaled(kernel, low)) + random.uniform() * (masses[kernel] ?? 1);
      const inner =
        (means[kernel] ?? 0) +
        (deviations[kernel] ?? 1) * normalQuantile(share, scaled(kernel, low), scaled(kernel, high));
      return fromInner(parameter, Math.min(high, Math.max(low, inner)));
    },
    logDensity: (kernel, value) => {
      const mass = Math.log(masses[kernel] ?? 1);
      if (parameter.step === undefined) {
        const distance = scaled(kernel, toInner(parameter, value));
        return -(distance ** 2) / 2 - LOG_ROOT_OF_TWO_PI - Math.log(deviations[kernel] ?? 1) - mass;
      }
      const [from, to] = [
        toInner(parameter, value - parameter.step / 2),
        toInner(parameter, value + parameter.step / 2),
      ];
      return Math.log(Math.max(normalMass(scaled(kernel, from), scaled(kernel, to)), Number.MIN_VALUE)) - mass;
    },
  };
}

/** How wide each is: as far as its farther neighbour, within bounds, so that many observations make no needles of them. */
function widthsOf(centres: readonly number[], low: number, high: number): readonly number[] {
  const order = centres.map((_, index) => index).sort((one, other) => (centres[one] ?? 0) - (centres[other] ?? 0));
  const sorted = [low, ...order.map((index) => centres[index] ?? 0), high];
  const widths = new Array<number>(centres.length).fill(0);
  const least = (high - low) / Math.min(100, 2 + centres.length);
  for (const [place, index] of order.entries()) {
    const before = (sorted[place + 1] ?? 0) - (sorted[place] ?? 0);
    const after = (sorted[place + 2] ?? 0) - (sorted[place + 1] ?? 0);
    // The ends of the interval are no observations, where there are others.
    const isAlone = centres.length < 2;
    const farther = isAlone
      ? Math.max(before, after)
      : place === 0
        ? after
        : place === order.length - 1
          ? before
          : Math.max(before, after);
    widths[index] = Math.min(high - low, Math.max(least, farther));
  }
  return widths;
}

function pick(weights: readonly number[], random: Random): number {
  let left = random.uniform();
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.length - 1;
}
