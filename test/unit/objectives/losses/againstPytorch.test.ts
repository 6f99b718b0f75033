import assert from 'node:assert/strict';
import type { Graph } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import { NO_EMPHASIS } from '../../../../src/objectives/emphasis.ts';
import { buildBinaryLabelsLoss } from '../../../../src/objectives/losses/binaryLabels.ts';
import { buildChannelWiseLoss } from '../../../../src/objectives/losses/channelWise.ts';
import { buildCosineLoss } from '../../../../src/objectives/losses/cosine.ts';
import { buildDivergenceLoss, type DivergenceOptions } from '../../../../src/objectives/losses/divergence.ts';
import { buildLabelsLoss } from '../../../../src/objectives/losses/labels.ts';
import { teacherLogProbabilities } from '../../../../src/objectives/teacherDistribution.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { divergence, mean, softmax, sum } from './byHand.ts';
import { assertLossIs, checkLoss, oneHot, rowsOf, runLoss, type Arrays, type Build } from './lossCheck.ts';

// What PyTorch 2.15 computes in float64, value and gradient, of the definitions that are named at each.
const student = arrayOf([3, 4], [1.5, -0.5, 0.25, -2, 0.3, 0.9, -1.1, 2.2, -0.7, 1.3, 0, 0.4]);
const teacher = arrayOf([3, 4], [2, -1, 0.5, -1.5, -0.4, 1.6, 0.2, 1.1, 0.8, -0.6, 1.9, -0.3]);
const labels = oneHot([0, 3, 2], 4);
const severalLabels = arrayOf([3, 4], [1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0]);
const classWeights = [1, 2, 0.5, 3];
const T = 2;

const divergenceAt =
  (options: Pick<DivergenceOptions, 'kind' | 'beta'>): Build =>
  (graph, values) => {
    const softening = { temperature: T, standardize: false };
    const target = teacherLogProbabilities(graph, [{ logits: values.teacher!, weight: 1 }], softening);
    return buildDivergenceLoss(graph, values.student!, target, { ...softening, ...options }, values.rows);
  };
const labelsWith =
  (smoothing: number, emphasis: Partial<typeof NO_EMPHASIS>): Build =>
  (graph, values) =>
    buildLabelsLoss(graph, values.student!, values.labels!, smoothing, values.rows, { ...NO_EMPHASIS, ...emphasis });
const binaryWith =
  (emphasis: Partial<typeof NO_EMPHASIS>): Build =>
  (graph, values) =>
    buildBinaryLabelsLoss(graph, values.student!, values.labels!, values.rows, { ...NO_EMPHASIS, ...emphasis });

interface Reference {
  readonly of: string;
  readonly inputs: Arrays;
  readonly build: Build;
  readonly loss: number;
  readonly gradient: readonly number[];
}

const maps = {
  student: arrayOf([1, 2, 3, 2], student.data),
  teacher: arrayOf([1, 2, 3, 2], teacher.data),
};

const references: readonly Reference[] = [
  {
    of: 'reverse: T² kl_div(teacher, student, batchmean, log_target)',
    inputs: { student, teacher },
    build: divergenceAt({ kind: 'reverse', beta: 0.5 }),
    loss: 0.59102956,
    gradient: [
      -0.038768677, 0.044780415, 0.000725247, -0.006736986, 0.02088327, -0.087774502, -0.050573618, 0.11746485,
      -0.088180214, 0.208692783, -0.152672605, 0.032160035,
    ],
  },
  {
    of: "jensen-shannon, β 0.1: T² times TRL's GKDTrainer.generalized_jsd_loss",
    inputs: { student, teacher },
    build: divergenceAt({ kind: 'jensen-shannon', beta: 0.1 }),
    loss: 0.050327575,
    gradient: [
      -0.003229337, 0.003509424, 0.000281088, -0.000561175, 0.002594139, -0.007773834, -0.00556831, 0.010748005,
      -0.007019514, 0.015764294, -0.014461565, 0.005716785,
    ],
  },
  {
    of: 'jensen-shannon, β 0.5',
    inputs: { student, teacher },
    build: divergenceAt({ kind: 'jensen-shannon', beta: 0.5 }),
    loss: 0.140145893,
    gradient: [
      -0.009236981, 0.010302231, 0.000539896, -0.001605147, 0.006255541, -0.021555544, -0.013767638, 0.02906764,
      -0.019856357, 0.04445728, -0.037347252, 0.012746329,
    ],
  },
  {
    of: 'jensen-shannon, β 0.9',
    inputs: { student, teacher },
    build: divergenceAt({ kind: 'jensen-shannon', beta: 0.9 }),
    loss: 0.052329572,
    gradient: [
      -0.003451534, 0.003957856, 9.3464e-5, -0.000599787, 0.001953633, -0.007854631, -0.004609479, 0.010510477,
      -0.007684475, 0.017866139, -0.013513166, 0.003331501,
    ],
  },
  {
    of: 'focal γ 2: mean of (1 − p)² cross_entropy',
    inputs: { student, labels },
    build: labelsWith(0, { focal: 2 }),
    loss: 0.48085913,
    gradient: [
      -0.026652695, 0.007979538, 0.016892682, 0.001780476, 0.008948488, 0.016305209, 0.00220667, -0.027460367,
      0.029987255, 0.221577512, -0.341651461, 0.090086694,
    ],
  },
  {
    of: 'focal γ 0.5',
    inputs: { student, labels },
    build: labelsWith(0, { focal: 0.5 }),
    loss: 0.722525992,
    gradient: [
      -0.081785183, 0.024485628, 0.051836074, 0.005463482, 0.027053404, 0.049294516, 0.006671287, -0.083019207,
      0.026759457, 0.197727131, -0.30487644, 0.080389852,
    ],
  },
  {
    of: 'weights of classes: cross_entropy(weight)',
    inputs: { student, labels },
    build: labelsWith(0, { classWeights }),
    loss: 0.545350067,
    gradient: [
      -0.069180563, 0.020711936, 0.043847169, 0.004621458, 0.068343753, 0.124530437, 0.016853362, -0.209727551,
      0.00828756, 0.061237247, -0.094422014, 0.024897207,
    ],
  },
  {
    of: 'weights of classes with smoothing: cross_entropy(weight, label_smoothing=0.1)',
    inputs: { student, labels },
    build: labelsWith(0.1, { classWeights }),
    loss: 0.687354718,
    gradient: [
      -0.042948793, 0.010895321, 0.04380984, -0.011756368, 0.059655775, 0.10771168, 0.013303138, -0.180670594,
      0.004596706, 0.063904517, -0.082333634, 0.013832412,
    ],
  },
  {
    of: "focal of independent classes, γ 2: torchvision's sigmoid_focal_loss without α",
    inputs: { student, labels: severalLabels },
    build: binaryWith({ focal: 2 }),
    loss: 1.383371383,
    gradient: [
      -0.005677035, 0.045978999, -0.069352126, 0.001623647, 0.143168823, -0.02155976, -0.270788862, 0.367434936,
      -0.208397965, -0.009065556, 0.099428932, 0.159081362,
    ],
  },
  {
    of: 'weights of independent classes: binary_cross_entropy_with_logits(pos_weight)',
    inputs: { student, labels: severalLabels },
    build: binaryWith({ classWeights }),
    loss: 2.939055783,
    gradient: [
      -0.060808508, 0.12584689, -0.072970583, 0.039734307, 0.191480839, -0.192700332, -0.125043351, 0.30008317,
      -0.222729257, -0.142776678, 0.166666667, 0.199562553,
    ],
  },
  {
    of: "channel-wise, T 4: the authors' CriterionCWD('channel', 'kl', 4)",
    inputs: maps,
    build: (graph, values) => buildChannelWiseLoss(graph, values.student!, values.teacher!, 4),
    loss: 0.59775528,
    gradient: [
      -0.037176872, 0.044031013, -0.005201903, -0.015497626, 0.067743377, -0.05389799, -0.078279336, 0.13125156,
      -0.103566534, 0.159364792, -0.167183722, 0.058413241,
    ],
  },
  {
    of: 'cosine after a learned map: 1 − cosine_similarity(x W, teacher), by W',
    inputs: {
      student: arrayOf([4, 2], [0.5, -0.2, 0.1, 0.7, -0.6, 0.3, 0.2, 0.4]),
      features: student,
      teacher: arrayOf([3, 2], [2, -1, -0.4, 1.6, 0.8, -0.6]),
    },
    build: (graph: Graph, values: Readonly<Record<string, Value>>) =>
      buildCosineLoss(graph, graph.op('MatMul', [values.features!, values.student!]), values.teacher!),
    loss: 0.903442955,
    gradient: [
      -0.130950231, -0.056514606, -0.056635481, -0.137300665, -0.171518097, 0.139476957, 0.566218351, -0.255128519,
    ],
  },
];

describe('losses as PyTorch computes them', () => {
  for (const { of, inputs, build, loss, gradient } of references) {
    it(of, async () => {
      assertLossIs(await runLoss(inputs, build), { loss, gradient });
    });
  }
});

describe('losses beside central differences', () => {
  const distributions = (arrays: Arrays) =>
    rowsOf(arrays.student!).map((row, index) => ({
      q: softmax(row, T),
      p: softmax(rowsOf(arrays.teacher!)[index]!, T),
    }));

  it('reverse', () =>
    checkLoss({
      inputs: { student, teacher },
      build: divergenceAt({ kind: 'reverse', beta: 0.5 }),
      byHand: (arrays) => T ** 2 * mean(distributions(arrays).map(({ p, q }) => divergence(q, p))),
    }));

  it('jensen-shannon', () =>
    checkLoss({
      inputs: { student, teacher },
      build: divergenceAt({ kind: 'jensen-shannon', beta: 0.3 }),
      byHand: (arrays) =>
        T ** 2 *
        mean(
          distributions(arrays).map(({ p, q }) => {
            const mixture = p.map((value, index) => 0.3 * value + 0.7 * q[index]!);
            return 0.3 * divergence(p, mixture) + 0.7 * divergence(q, mixture);
          }),
        ),
    }));

  it('focal with weights of classes', () =>
    checkLoss({
      inputs: { student, labels },
      build: labelsWith(0, { focal: 2, classWeights }),
      byHand: (arrays) => {
        const rows = rowsOf(arrays.student!).map((row, index) => {
          const label = [0, 3, 2][index]!;
          const p = softmax(row)[label]!;
          return { loss: -classWeights[label]! * (1 - p) ** 2 * Math.log(p), weight: classWeights[label]! };
        });
        return sum(rows.map(({ loss }) => loss)) / sum(rows.map(({ weight }) => weight));
      },
    }));

  it('channel-wise', () =>
    checkLoss({
      inputs: maps,
      build: (graph, values) => buildChannelWiseLoss(graph, values.student!, values.teacher!, 4),
      byHand: (arrays) => {
        const channels = (name: string) => [0, 6].map((start) => [...arrays[name]!.data.slice(start, start + 6)]);
        return (
          16 *
          mean(
            channels('student').map((row, index) =>
              divergence(softmax(channels('teacher')[index]!, 4), softmax(row, 4)),
            ),
          )
        );
      },
    }));
});

describe('losses where logits are extreme', () => {
  for (const [name, build] of [
    ['reverse', divergenceAt({ kind: 'reverse', beta: 0.5 })],
    ['jensen-shannon', divergenceAt({ kind: 'jensen-shannon', beta: 0.5 })],
    ['focal', labelsWith(0, { focal: 0.5 })],
    ['focal of independent classes', binaryWith({ focal: 2 })],
  ] as const) {
    it(`${name} stays finite`, async () => {
      const { loss, gradient } = await runLoss(
        {
          student: arrayOf([2, 3], [1e4, -1e4, 0, 0, 0, 0]),
          teacher: arrayOf([2, 3], [-1e4, 1e4, 0, 1e4, 0, -1e4]),
          labels: oneHot([0, 1], 3),
        },
        build,
      );
      assert.ok(Number.isFinite(loss));
      assert.ok(gradient.every(Number.isFinite));
    });
  }
});
