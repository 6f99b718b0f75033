import { dataFormOf } from '../../data/dataForm.ts';
import type { Dataset } from '../../data/dataset.ts';
import { numbersOf, ownNumbers } from '../../data/rawForm.ts';
import type { Preparation, TargetScale } from '../../data/preparation.ts';
import { copyGraph } from '../../onnx/copy.ts';
import { exportModel } from '../../onnx/exporting/exportModel.ts';
import { saveModel } from '../../onnx/file.ts';
import { Graph, int } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { importGraph } from '../../onnx/importing/importGraph.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import { dataTypeCode } from '../../onnx/tensorProto.ts';
import { loadNetwork, type NetworkFile } from '../../training/engines/networkFile.ts';
import { bindSamples, sampleInput } from '../../training/networkInputs.ts';
import type { Run } from '../run.ts';
import { rawFormMetadata } from '../../data/rawForm.ts';

type Prepared = Pick<Dataset, 'task' | 'samples' | 'sampleShape' | 'preparation'>;

/** Writes the student once more, as a network that takes the data as they are, where the experiment asks for it. */
export async function rawInputStage({ experiment, prepared, folder }: Run): Promise<void> {
  if (!experiment.rawInput) return;
  const { dataset } = prepared;
  const student = await loadNetwork(folder.file('student'), dataset);
  // What takes the data's own numbers has their preparation in it.
  const isRaw = sampleInput(student.inputs).own !== undefined;
  const raw = isRaw ? student.file.proto : withRawInput(student, dataset, experiment.export.opset);
  await saveModel(folder.file('rawStudent'), raw);
}

/**
 * A network with the preparation of its data before it: it takes pixels of 0…255, arrays as they are stored or the columns of a table
 * (NaN where a number is missing), and gives predicted numbers in their own units.
 *
 * @param opset operator set to write; default: the canonical one
 */
export function withRawInput({ file, inputs, output }: NetworkFile, dataset: Prepared, opset?: number): ModelProto {
  const { preparation, sampleShape } = dataset;
  const original = importGraph(file.proto);
  const graph = new Graph();
  graph.reserve(original.names);
  const { name, taken: part } = sampleInput(inputs);
  const [first] = original.inputs;
  const taken = preparation.kind === 'table' ? [ownNumbers(preparation.columns).length] : sampleShape;
  let value = graph.input(part ? graph.freshName('samples') : name, 'float32', [first?.shape[0] ?? 'batch', ...taken]);
  value = prepare(graph, value, preparation, sampleShape);
  if (!part && first?.shape.length === 2 && sampleShape.length > 1) {
    value = graph.op('Reshape', [value, graph.integers([0, -1])]);
  }
  const bindings = part ? bindSamples(graph, inputs, value, dataset.samples) : new Map([[name, value]]);
  const scales = preparation.targets ?? [];
  const isScaled = scales.length > 0;
  const names = new Map(isScaled ? [[output, `${output}.standardized`]] : []);
  const copies = copyGraph(graph, original, { bindings, prefix: '', names });
  const result = copies.get(output) ?? value;
  graph.output(isScaled ? inUnits(graph, result, scales, output) : result);
  const metadata = Object.fromEntries(file.proto.metadataProps.map((entry) => [entry.key, entry.value]));
  return exportModel(graph, {
    name: 'student',
    metadata: { ...metadata, ...rawFormMetadata(dataFormOf(dataset)) },
    ...(opset !== undefined && { opset }),
  });
}

function prepare(graph: Graph, value: Value, preparation: Preparation, sampleShape: readonly number[]): Value {
  switch (preparation.kind) {
    case 'pixels':
    case 'arrays': {
      const unit = preparation.kind === 'pixels' ? 255 : 1;
      const { mean, std } = preparation.normalization ?? { mean: [0], std: [1] };
      const shape = [mean.length, ...sampleShape.slice(1).map(() => 1)];
      const scale = std.map((each) => 1 / (each * unit));
      const offset = mean.map((each, channel) => -each / (std[channel] ?? 1));
      return affine(graph, value, floatTensor(scale, shape), floatTensor(offset, shape));
    }
    case 'table': {
      const columns = numbersOf(preparation.columns);
      const taken = ownNumbers(preparation.columns).map((column) => column.name);
      const places = columns.map(({ name, part }) => taken.indexOf(part?.of ?? name));
      const isAsTaken = places.every((place, index) => place === index);
      const cells = isAsTaken ? value : graph.op('Gather', [value, graph.integers(places)], { axis: int(1) });
      const isMissing = graph.op('IsNaN', [cells]);
      const fill = graph.constant(floatTensor(columns.map((column) => column.fill)));
      const whole = graph.op('Where', [isMissing, fill, cells]);
      const scale = floatTensor(columns.map(({ std }) => 1 / std));
      const scaled = affine(graph, whole, scale, floatTensor(columns.map(({ mean, std }) => -mean / std)));
      if (columns.every(({ part }) => part === undefined)) return scaled;
      // A number that says where another is missing is 1 there.
      const says = graph.constant(floatTensor(columns.map(({ part }) => (part ? 1 : 0))));
      const missing = graph.op('Cast', [isMissing], { to: int(dataTypeCode('float32')) });
      return graph.op('Where', [graph.op('Greater', [says, graph.scalar(0)]), missing, scaled]);
    }
    case 'text':
      return value;
  }
}

function inUnits(graph: Graph, value: Value, scales: readonly TargetScale[], output: string): Value {
  const spread = graph.constant(floatTensor(scales.map(({ std }) => std)));
  const mean = graph.constant(floatTensor(scales.map((scale) => scale.mean)));
  const spreadOut = graph.op('Mul', [value, spread]);
  return graph.op('Add', [spreadOut, mean], {}, { outputs: [output], name: `${output}.units` });
}

function affine(
  graph: Graph,
  value: Value,
  scale: ReturnType<typeof floatTensor>,
  offset: ReturnType<typeof floatTensor>,
): Value {
  return graph.op('Add', [graph.op('Mul', [value, graph.constant(scale)]), graph.constant(offset)]);
}
