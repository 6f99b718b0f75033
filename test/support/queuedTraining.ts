import { randomStream } from '../../src/data/random.ts';
import type { Split } from '../../src/data/samples/split.ts';
import { appendProjection, regressorsOf } from '../../src/objectives/features/appendRegressor.ts';
import type { ObjectiveTerm } from '../../src/objectives/objectiveTerm.ts';
import type { Graph } from '../../src/onnx/graph.ts';
import { buildStudent } from '../../src/students/buildStudent.ts';
import { classifierForm } from '../../src/students/networkForm.ts';
import type { Teaching } from '../../src/training/batchFeeder.ts';

/** Numbers of a feature of the teacher, which is called `code`. */
export const WIDTH = 3;
const pair = { student: 'dense1.activation', teacher: 'code' };
export const labels: ObjectiveTerm = { loss: 'labels', weight: 1, smoothing: 0 };
export const similarity = (queue: number): ObjectiveTerm => ({
  loss: 'queue-similarity',
  weight: 1,
  queue,
  temperature: 0.1,
  studentTemperature: 0.2,
  ...pair,
});
export const contrastive = (queue?: number): ObjectiveTerm => ({
  loss: 'contrastive',
  weight: 1,
  temperature: 0.1,
  queue,
  ...pair,
});

/** The teacher's feature of a sample. */
export const featureOf = (sample: number): number[] =>
  [1, 2, 3].map((axis) => Math.sin(axis * (sample + 1) * 0.7) + 0.1);
/** The same with length 1, as float32 holds it about. */
export function directionOf(sample: number): number[] {
  const feature = featureOf(sample);
  const length = Math.hypot(...feature);
  return feature.map((value) => value / length);
}

/** An MLP for samples of two numbers, with the learned maps that the objective needs. */
export function studentFor(objective: readonly ObjectiveTerm[], teacherShape: readonly number[]): Graph {
  const form = classifierForm([2], 3);
  const graph = buildStudent({ architecture: 'mlp', hidden: [64] }, form, randomStream(0, 'weights'));
  for (const { name, student } of regressorsOf(objective)) {
    appendProjection(graph, graph.value(student), ['batch', ...teacherShape], name, randomStream(0, name));
  }
  return graph;
}

/** Samples of two numbers. */
export function queuedSplit(count: number): Split {
  return {
    count,
    targets: { kind: 'classes', labels: Int32Array.from({ length: count }, (_, index) => index % 3) },
    read: (indices, target) => {
      target.set(Array.from(indices).flatMap((index) => [Math.sin(index), Math.cos(index)]));
      return Promise.resolve();
    },
  };
}

/** What the teacher makes of them. @param first number of the first sample, by which its feature goes */
export function queuedTeaching(first = 0): Teaching {
  return {
    write: ({ indices }, target) => {
      target['teacher:code']?.set(Array.from(indices).flatMap((index) => featureOf(first + index)));
      target['teacher.0']?.fill(0);
      return Promise.resolve();
    },
  };
}
