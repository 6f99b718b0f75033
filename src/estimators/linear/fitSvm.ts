import { randomStream } from '../../data/random.ts';
import { DistilleryError } from '../../errors.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import type { FittedEstimator, SvmOptions } from '../estimator.ts';
import type { FitData, FitTargets, FitWatch, Rows } from '../fitData.ts';
import { calibrate, type Calibration } from './calibrate.ts';
import { appendSecondLogit, withSecondLogit } from '../secondLogit.ts';
import { appendScores, fitScores, scoresOf } from './fitLinear.ts';
import {
  appendFourierFeatures,
  drawFourierFeatures,
  gammaByScale,
  transformRows,
  transformRow,
  type FourierFeatures,
} from './fourierFeatures.ts';
import type { LinearWeights } from './linearScores.ts';
import { squaredBeyond, squaredHinge } from './rowLosses.ts';

/** Numbers of transformed rows that are held, at most: 2 GiB. */
const MOST_NUMBERS = 2 ** 29;
/** Errors of numbers that cost nothing: scikit-learn's ε. */
const EPSILON = 0.1;

/**
 * A support vector machine with the squared hinge, each class against the rest; of numbers with the squared loss beyond ε. Its RBF kernel is
 * that of random Fourier features, so that it stays plain tensors. Probabilities are by Platt's scaling on the validation rows.
 *
 * @throws DistilleryError `CANCELLED` when the watch says so, `BAD_INPUT` where the rows are too many for the kernel
 */
export async function fitSvm(
  options: SvmOptions,
  { rows, targets }: FitData,
  validation: FitData,
  { seed, watch }: { readonly seed: number; readonly watch: FitWatch },
): Promise<FittedEstimator> {
  const isTwo = targets.kind === 'classes' && targets.width === 2;
  const width = isTwo ? 1 : targets.width;
  const fourier = options.kernel === 'rbf' ? drawFor(options, rows, seed) : undefined;
  const transform = (given: Rows): Promise<Rows> =>
    fourier ? transformRows(given, fourier, watch.pause) : Promise.resolve(given);
  const loss = targets.kind === 'classes' ? squaredHinge(targets) : squaredBeyond(targets, EPSILON);
  const weights = await fitScores(await transform(rows), width, options.strength, loss, watch);
  const machine = { fourier, weights, width, features: rows.features };
  const calibrations =
    targets.kind === 'numbers'
      ? undefined
      : await calibrateAll(
          scoresOf(await transform(validation.rows), weights, width),
          width,
          validation.targets,
          watch,
        );
  const kernel = fourier ? `RBF kernel of ${fourier.components} random features` : 'linear kernel';
  return { ...svmModel(machine, calibrations), rounds: 1, summary: `a support vector machine (${kernel})` };
}

interface Machine {
  readonly fourier: FourierFeatures | undefined;
  readonly weights: LinearWeights;
  readonly width: number;
  readonly features: number;
}

function drawFor({ components, gamma }: SvmOptions, rows: Rows, seed: number): FourierFeatures {
  if (rows.count * components > MOST_NUMBERS) {
    throw new DistilleryError(
      'BAD_INPUT',
      `An RBF kernel of ${components} components on ${rows.count} samples does not fit into memory.`,
      { hint: "Lower 'components' or 'dataset.limit', or set 'kernel' to 'linear'." },
    );
  }
  const random = randomStream(seed, 'Fourier features');
  return drawFourierFeatures(rows.features, { components, gamma: gamma ?? gammaByScale(rows), random });
}

async function calibrateAll(
  scores: Float64Array,
  width: number,
  targets: FitTargets,
  watch: FitWatch,
): Promise<readonly Calibration[]> {
  const calibrations: Calibration[] = [];
  for (let score = 0; score < width; score++) {
    const own = scores.filter((_, index) => index % width === score);
    calibrations.push(await calibrate(own, targets, width === 1 ? 1 : score, watch.pause));
  }
  return calibrations;
}

function svmModel(
  machine: Machine,
  calibrations: readonly Calibration[] | undefined,
): Pick<FittedEstimator, 'append' | 'predict'> {
  const { width } = machine;
  return {
    append: (graph, input) => {
      const scores = appendMachine(graph, input, machine);
      return calibrations ? appendCalibrated(graph, scores, calibrations) : scores;
    },
    predict: (rows) => {
      const scores = machineScores(rows, machine);
      if (!calibrations) return Float32Array.from(scores);
      const odds = scores.map((score, index) => {
        const { slope, offset } = calibrations[index % width] ?? { slope: 1, offset: 0 };
        return slope * score + offset;
      });
      return width === 1 ? withSecondLogit(odds) : Float32Array.from(odds, (each) => -softplus(-each));
    },
  };
}

function appendMachine(graph: Graph, input: Value, { fourier, weights, width, features }: Machine): Value {
  const seen = fourier ? appendFourierFeatures(graph, input, fourier, features) : input;
  return appendScores(graph, seen, weights, { features: fourier?.components ?? features, width });
}

/** Row by row: all transformed rows at once would be too many. */
function machineScores(rows: Rows, { fourier, weights, width }: Machine): Float64Array {
  if (!fourier) return scoresOf(rows, weights, width);
  const all = new Float64Array(rows.count * width);
  const values = new Float32Array(fourier.components);
  for (let row = 0; row < rows.count; row++) {
    transformRow(rows, row, fourier, values);
    all.set(scoresOf({ count: 1, features: fourier.components, values }, weights, width), row * width);
  }
  return all;
}

/** Logits: 0 and the log-odds of two classes, or the logarithm of each class's probability against the rest, whose softmax is their share. */
function appendCalibrated(graph: Graph, scores: Value, calibrations: readonly Calibration[]): Value {
  const slopes = graph.constant(floatTensor(calibrations.map(({ slope }) => slope)));
  const offsets = graph.constant(floatTensor(calibrations.map(({ offset }) => offset)));
  const odds = graph.op('Add', [graph.op('Mul', [scores, slopes]), offsets]);
  if (calibrations.length === 1) return appendSecondLogit(graph, odds);
  return graph.op('Neg', [graph.op('Softplus', [graph.op('Neg', [odds])])]);
}

function softplus(value: number): number {
  return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
}
