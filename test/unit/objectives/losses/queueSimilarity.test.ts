import assert from 'node:assert/strict';
import type { Graph } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import { FeatureQueue } from '../../../../src/objectives/features/featureQueue.ts';
import { buildContrastiveLoss } from '../../../../src/objectives/losses/contrastive.ts';
import { buildQueueSimilarityLoss } from '../../../../src/objectives/losses/queueSimilarity.ts';
import { normalizeAlong } from '../../../../src/objectives/normalizeAlong.ts';
import { arrayOf, type NumberArray } from '../../../support/reference/array.ts';
import { dot, mean, norm, softmax, sum } from './byHand.ts';
import {
  assertLossIs,
  assertFinite,
  checkLoss,
  randomArray,
  rowsOf,
  runLoss,
  type Arrays,
  type Build,
} from './lossCheck.ts';

const student = arrayOf([3, 4], [1.5, -0.5, 0.25, -2, 0.3, 0.9, -1.1, 2.2, -0.7, 1.3, 0, 0.4]);
const teacher = arrayOf([3, 4], [2, -1, 0.5, -1.5, -0.4, 1.6, 0.2, 1.1, 0.8, -0.6, 1.9, -0.3]);
const features = arrayOf(
  [5, 4],
  [0.6, 0, -0.8, 0, 0.5, -0.5, 0.5, -0.5, 0, 0.28, 0, 0.96, 1, 0, 0, 0, -0.1, 0.7, 0.1, 0.7],
);
const inputsWith = (filled: number): Arrays => ({ student, teacher, features, filled: arrayOf([1], [filled]) });

const queueOf = (graph: Graph, values: Readonly<Record<string, Value>>): FeatureQueue =>
  new FeatureQueue(graph, values.features!, values.filled!);

const similarity =
  (temperature: number, studentTemperature: number): Build =>
  (graph, values) =>
    buildQueueSimilarityLoss(graph, {
      projected: values.student!,
      teacher: normalizeAlong(graph, values.teacher!, 1),
      queue: queueOf(graph, values),
      temperature,
      studentTemperature,
    });

const contrastive =
  (temperature: number): Build =>
  (graph, values) => {
    const directions = normalizeAlong(graph, values.teacher!, 1);
    return buildContrastiveLoss(graph, values.student!, directions, temperature, queueOf(graph, values));
  };

const directionOf = (row: readonly number[]): number[] => row.map((value) => value / norm(row));
/** The entries of a queue that hold a feature. */
const held = ({ features, filled }: Arrays): number[][] => {
  const rows = rowsOf(features!);
  return rows.slice(rows.length - filled!.data[0]!);
};

function similarityByHand(arrays: Arrays, temperature: number, studentTemperature: number): number {
  const students = rowsOf(arrays.student!).map(directionOf);
  return mean(
    rowsOf(arrays.teacher!)
      .map(directionOf)
      .map((own, index) => {
        const compared = [own, ...held(arrays)];
        const p = softmax(
          compared.map((entry) => dot(own, entry)),
          temperature,
        );
        const q = softmax(
          compared.map((entry) => dot(students[index]!, entry)),
          studentTemperature,
        );
        return -sum(p.map((share, entry) => share * Math.log(q[entry]!)));
      }),
  );
}

function contrastiveByHand(arrays: Arrays, temperature: number): number {
  const [students, teachers] = [arrays.student!, arrays.teacher!].map((rows) => rowsOf(rows).map(directionOf)) as [
    number[][],
    number[][],
  ];
  const found = (from: readonly number[][], among: readonly number[][]): number =>
    mean(
      from.map(
        (row, own) =>
          -Math.log(
            softmax(
              among.map((other) => dot(row, other)),
              temperature,
            )[own]!,
          ),
      ),
    );
  return (found(students, [...teachers, ...held(arrays)]) + found(teachers, students)) / 2;
}

/** What PyTorch 2.15 computes in float64, value and gradient, with as many entries of the queue as are filled. */
const references: readonly {
  readonly of: string;
  readonly build: Build;
  readonly filled: number;
  readonly loss: number;
  readonly gradient: readonly number[];
}[] = [
  {
    of: "queue-similarity, τ 0.05 and 0.2: the logits of the authors' model in their soft_cross_entropy",
    build: similarity(0.05, 0.2),
    filled: 5,
    loss: 2.939121372,
    gradient: [
      0.013507136, 0.002977901, 0.01603628, 0.011390412, 0.079980619, -0.205035614, -0.034779161, 0.055582177,
      0.112304574, -0.130053305, -0.85183692, 0.619206244,
    ],
  },
  {
    of: 'queue-similarity, τ 0.5 and 0.2',
    build: similarity(0.5, 0.2),
    filled: 5,
    loss: 3.288381164,
    gradient: [
      -0.054006313, -0.04317735, 0.054597295, -0.022885735, 0.009617338, -0.094316565, -0.003687829, 0.03542868,
      0.019310656, -0.181624271, -0.498988706, 0.624072529,
    ],
  },
  {
    of: 'queue-similarity of a queue that holds two entries of five',
    build: similarity(0.5, 0.2),
    filled: 2,
    loss: 2.605392207,
    gradient: [
      -0.070104571, -0.051809097, 0.019843522, -0.037145714, -0.009130846, -0.003894935, 0.008155667, 0.006916331,
      -0.028028133, -0.164488672, -0.594972947, 0.485538951,
    ],
  },
  {
    of: 'contrastive with a queue: cross_entropy over the batch and the queue, and over the batch the other way',
    build: contrastive(0.1),
    filled: 5,
    loss: 4.738505761,
    gradient: [
      0.04480132, -0.141092897, 0.591157476, 0.142768899, 0.255425718, -0.627552403, -0.222430619, 0.110679894,
      0.112385672, -0.173827194, -1.700493083, 0.761613306,
    ],
  },
  {
    of: 'contrastive with a queue that holds two entries of five',
    build: contrastive(0.1),
    filled: 2,
    loss: 4.478234329,
    gradient: [
      0.071364001, -0.116063869, 0.541901145, 0.150276611, 0.203758789, -0.398819695, -0.202890215, 0.033923115,
      0.112509947, -0.172222418, -1.699426587, 0.756615266,
    ],
  },
];

describe('losses with a queue, as PyTorch computes them', () => {
  for (const { of, build, filled, loss, gradient } of references) {
    it(of, async () => {
      assertLossIs(await runLoss(inputsWith(filled), build), { loss, gradient });
    });
  }
});

describe('losses with a queue, beside central differences', () => {
  for (const filled of [0, 1, 5]) {
    it(`queue-similarity with ${filled} entries filled`, () =>
      checkLoss({
        inputs: inputsWith(filled),
        build: similarity(0.3, 0.2),
        byHand: (arrays) => similarityByHand(arrays, 0.3, 0.2),
      }));

    it(`contrastive with ${filled} entries filled`, () =>
      checkLoss({
        inputs: inputsWith(filled),
        build: contrastive(0.25),
        byHand: (arrays) => contrastiveByHand(arrays, 0.25),
      }));
  }

  it('contrastive tells a sample that is alone in its batch from the queue', () =>
    checkLoss({
      inputs: {
        ...inputsWith(4),
        student: arrayOf([1, 4], student.data.slice(0, 4)),
        teacher: arrayOf([1, 4], teacher.data.slice(0, 4)),
      },
      build: contrastive(0.25),
      byHand: (arrays) => contrastiveByHand(arrays, 0.25),
    }));
});

describe('queue-similarity', () => {
  const random = (shape: readonly number[], seed: number, bound?: number): NumberArray =>
    randomArray(shape, seed, bound);

  it('is nothing, with no gradient, before a first batch is in the queue', async () => {
    const { loss, gradient } = await runLoss(inputsWith(0), similarity(0.05, 0.2));
    assert.equal(Math.abs(loss), 0);
    assert.ok(gradient.every((value) => Math.abs(value) < 1e-7));
  });

  it('stays finite for features of ±10 000, a vector of zeros and the lowest temperatures', async () => {
    assertFinite(await runLoss({ ...inputsWith(3), student: random([3, 4], 61, 1e4) }, similarity(0.01, 0.2)), 1);
    const zeros = arrayOf([3, 4], [0, 0, 0, 0, ...student.data.slice(4)]);
    assertFinite(await runLoss({ ...inputsWith(3), student: zeros, teacher: zeros }, similarity(0.01, 0.2)), 1e7);
    assertFinite(await runLoss(inputsWith(3), similarity(1e-4, 1e-4)));
  });
});
