import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataset } from '../../src/data/openDataset.ts';
import type { Dataset, DatasetOptions } from '../../src/data/dataset.ts';
import { randomStream } from '../../src/data/random.ts';
import { matchTeacher, type MatchedTeacher, type TeacherWishes } from '../../src/preflight/matching/matchTeacher.ts';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { loadModel, saveModel } from '../../src/onnx/file.ts';
import { Graph } from '../../src/onnx/graph.ts';
import type { Value } from '../../src/onnx/node.ts';
import type { ModelProto } from '../../src/onnx/onnx_pb.ts';
import { floatTensor, type DataType } from '../../src/onnx/tensor.ts';
import { openNetwork } from '../../src/training/engines/networkFile.ts';
import { datasetOptions } from './datasets.ts';

/** Weights [2, 3] and biases of the three scores that decide the class of a row of `classTable`. */
export const WEIGHTS = [2, -1, -1, 0.5, 1.5, -2];
export const BIASES = [0.1, -0.2, 0.1];

/** A table of two numbers and the class, a, b or c, whose score is largest; whole numbers where wanted. */
export function classTable(rows: number, scale: (value: number) => number = (value) => value): string {
  const random = randomStream(1, 'table');
  const lines = Array.from({ length: rows }, () => {
    const [x, y] = [scale(random.uniform(-1, 1)), scale(random.uniform(-1, 1))];
    const scores = BIASES.map((bias, index) => bias + x * (WEIGHTS[index] ?? 0) + y * (WEIGHTS[index + 3] ?? 0));
    return `${x},${y},${'abc'[scores.indexOf(Math.max(...scores))] ?? ''}`;
  });
  return `x,y,label\n${lines.join('\n')}\n`;
}

/** The network that knows the classes of `classTable`. @param end what follows its scores [batch, 3] */
export function scoreTeacher(
  end: (graph: Graph, scores: Value) => Value = (_, scores) => scores,
  begin: { readonly type: DataType; readonly toFloats: (graph: Graph, input: Value) => Value } = {
    type: 'float32',
    toFloats: (_, input) => input,
  },
): ModelProto {
  const graph = new Graph();
  const input = graph.input('input', begin.type, ['batch', 2]);
  const scores = graph.op('Gemm', [
    begin.toFloats(graph, input),
    graph.initializer('weight', floatTensor(WEIGHTS, [2, 3])),
    graph.initializer('bias', floatTensor(BIASES)),
  ]);
  graph.output(end(graph, scores), 'said');
  return exportModel(graph, { name: 'scores' });
}

/** A teacher matched to a table, and what it then says of its validation split. */
export async function matchToTable(
  folder: string,
  table: string,
  teacher: ModelProto,
  {
    options = {},
    wishes = {},
  }: { readonly options?: Partial<DatasetOptions>; readonly wishes?: Partial<TeacherWishes> } = {},
): Promise<{ readonly matched: MatchedTeacher; readonly dataset: Dataset; readonly outputs: Float32Array }> {
  await writeFile(join(folder, 'table.csv'), table);
  const path = join(folder, 'teacher.onnx');
  await saveModel(path, teacher);
  const dataset = await openDataset(datasetOptions('table.csv', { scaling: 'none', ...options }), {
    baseDirectory: folder,
    seed: 0,
  });
  const none = { where: 'teacher.model', output: undefined, normalization: undefined, classes: undefined };
  const matched = await matchTeacher(
    await loadModel(path),
    { ...none, ...wishes },
    dataset,
    new AbortController().signal,
  );
  const predictor = await openNetwork(matched.model, { ...dataset, device: 'cpu' });
  try {
    return { matched, dataset, outputs: await predictor.predict(dataset.validation) };
  } finally {
    await predictor.dispose();
  }
}
