import { createHash } from 'node:crypto';
import { copyGraph } from '../../onnx/copy.ts';
import { exportModel } from '../../onnx/export.ts';
import { Graph, int, ints, text, type Value } from '../../onnx/graph.ts';
import { importGraph } from '../../onnx/import.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import { openDimensions, type NetworkFile } from '../../training/engines/networkFile.ts';
import { networkInputs } from '../../training/networkInputs.ts';
import type { InputFit } from './fitInput.ts';

/** What is done to samples before a network sees them, and to its outputs, in this order. */
export interface Adaptation {
  /** Per channel: value × scale + offset. */
  readonly affine?: { readonly scale: readonly number[]; readonly offset: readonly number[] } | undefined;
  readonly input?: InputFit | undefined;
  /** For each class of the dataset the output that stands for it. */
  readonly classes?: readonly number[] | undefined;
}

/**
 * The network with operators before and after it, so that it takes the samples of a dataset as they are and answers with its
 * classes. Values inside it keep their names.
 *
 * @param sampleShape dimensions of the dataset's samples
 */
export function adaptNetwork(
  network: NetworkFile,
  adaptation: Adaptation,
  sampleShape: readonly number[],
): NetworkFile {
  const { file, output } = network;
  const native = adaptation.input?.native ?? sampleShape;
  const whole = importGraph(file.proto, { bind: openDimensions(file.proto, native) });
  const anyBatch = adaptGraph(whole, output, adaptation, sampleShape);
  const graph = adaptGraph(network.graph, output, adaptation, sampleShape);
  const [adapted = output] = graph.outputs.map(({ name }) => name);
  const sha256 = createHash('sha256')
    .update(`${file.sha256} ${JSON.stringify(adaptation)}`)
    .digest('hex');
  const metadata = Object.fromEntries(file.proto.metadataProps.map(({ key, value }) => [key, value]));
  const name = file.proto.graph?.name ?? '';
  return {
    ...network,
    file: { ...file, sha256, proto: exportModel(anyBatch, { name: name === '' ? 'adapted' : name, metadata }) },
    graph,
    inputs: networkInputs(graph.inputs),
    output: adapted,
    sampleShape: adaptation.affine || adaptation.input ? sampleShape : network.sampleShape,
    outputShape: graph.outputs[0]?.shape.slice(1) ?? [],
    isAdapted: true,
  };
}

/** A graph with the adapted output first and only. */
function adaptGraph(
  original: Graph,
  output: string,
  { affine, input, classes }: Adaptation,
  sampleShape: readonly number[],
): Graph {
  const graph = new Graph();
  const [first] = original.inputs;
  const bindings = new Map<string, Value>();
  if (first && (affine || input)) {
    graph.reserve(original.names);
    let samples = graph.input(graph.freshName('samples'), 'float32', [first.shape[0] ?? 1, ...sampleShape]);
    if (affine) {
      const perChannel = (values: readonly number[]): Value =>
        graph.constant(floatTensor(values, [values.length, ...sampleShape.slice(1).map(() => 1)]));
      samples = graph.op('Add', [graph.op('Mul', [samples, perChannel(affine.scale)]), perChannel(affine.offset)]);
    }
    if (input) samples = fitted(graph, samples, input);
    // A network that takes vectors takes the values of a sample row by row.
    else if (first.shape.length === 2) samples = graph.op('Reshape', [samples, graph.integers([0, -1])]);
    bindings.set(first.name, samples);
  } else for (const { name, type, shape } of original.inputs) bindings.set(name, graph.input(name, type, shape));
  const copies = copyGraph(graph, original, { bindings, prefix: '' });
  const found = copies.get(output) ?? graph.value(output);
  graph.output(
    classes ? graph.op('Gather', [found, graph.integers(classes)], { axis: int(found.shape.length - 1) }) : found,
  );
  return graph;
}

function fitted(graph: Graph, samples: Value, { repeat, size, layout }: InputFit): Value {
  let fit = samples;
  if (repeat !== undefined) {
    fit = graph.op(
      'Concat',
      Array.from({ length: repeat }, () => samples),
      { axis: int(1) },
    );
  }
  if (size) {
    const attributes = { axes: ints([2, 3]), mode: text('linear'), antialias: int(1) };
    fit = graph.op('Resize', [fit, undefined, undefined, graph.integers(size)], attributes);
  }
  switch (layout) {
    case 'NHWC':
      return graph.op('Transpose', [fit], { perm: ints([0, 2, 3, 1]) });
    case 'NHW':
      return graph.op('Squeeze', [fit, graph.integers([1])]);
    case 'NCHW':
      return fit;
  }
}
