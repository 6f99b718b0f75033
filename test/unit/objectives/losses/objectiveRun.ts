import { gradients } from '../../../../src/autodiff/gradients.ts';
import { buildObjective } from '../../../../src/objectives/buildObjective.ts';
import type { ObjectiveTerm } from '../../../../src/objectives/objectiveTerm.ts';
import { scalarsAt } from '../../../../src/objectives/scalars.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf, type NumberArray } from '../../../support/reference/array.ts';
import { oneHot, randomArray } from './lossCheck.ts';

/** What the objectives are fed: outputs of 4 samples for 3 classes, and features. */
export const tables: Readonly<Record<string, NumberArray>> = {
  student: randomArray([4, 3], 50),
  labels: oneHot([0, 2, 1, 2], 3),
  teacher: randomArray([4, 3], 51),
  'teacher.2': randomArray([4, 3], 52),
  clusters: randomArray([4, 3], 53),
  map: randomArray([4, 2, 2, 2], 54),
  'teacher map': randomArray([4, 2, 2, 2], 55),
  vectors: randomArray([4, 5], 56),
};

export interface RunOptions {
  /** Weights of the teachers, one or two. */
  readonly teachers?: readonly number[];
  /** Share of the run that is done. */
  readonly progress?: number;
  readonly provider?: 'cpu' | 'webgpu';
}

/** The losses by name, `total` among them, and the gradient of the total with respect to the student's outputs. */
export async function runObjective(
  terms: readonly ObjectiveTerm[],
  { teachers = [1], progress = 0, provider = 'cpu' }: RunOptions = {},
) {
  const graph = new Graph();
  const input = (name: string): Value => graph.find(name) ?? graph.input(name, 'float32', tables[name]!.shape);
  const student = input('student');
  const [map, teacherMap, vectors] = [input('map'), input('teacher map'), input('vectors')];
  const objective = buildObjective(graph, terms, {
    student,
    teachers: teachers.map((weight, index) => ({ logits: input(index === 0 ? 'teacher' : 'teacher.2'), weight })),
    targets: new Map([['clusters-2', input('clusters')]]),
    labels: input('labels'),
    scalars: (name) => graph.find(name) ?? graph.input(name, 'float32', [1]),
    features: new Map([
      ['student:feature', map],
      ['teacher:feature', teacherMap],
      ['student:regressor.0', terms[0]?.loss === 'hint' ? map : vectors],
      ['teacher:vectors', vectors],
    ]),
  });
  graph.output(objective.total, 'total');
  for (const [name, value] of objective.terms) graph.output(value, `term ${name}`);
  graph.output(gradients(graph, objective.total, [student])[0]!, 'gradient');
  const feeds = new Map(Object.entries(tables));
  for (const [name, value] of scalarsAt(terms, progress)) feeds.set(name, arrayOf([1], [value]));
  for (const { name, initial } of objective.states) {
    // A queue, half of whose entries hold features.
    const [entries = 1, width] = initial.shape;
    const half = arrayOf([1], [Math.floor(graph.value(name.replace('.filled', '')).shape.map(Number)[0]! / 2)]);
    feeds.set(name, width === undefined ? half : randomArray([entries, width], 57, 0.5));
  }
  const results = await runGraph(graph, feeds, provider);
  return {
    total: results.get('total')!.data[0]!,
    terms: new Map([...objective.terms.keys()].map((name) => [name, results.get(`term ${name}`)!.data[0]!])),
    gradient: [...results.get('gradient')!.data],
    inputs: graph.inputs.map(({ name }) => name),
  };
}
