import { createHash } from 'node:crypto';
import { DistilleryError } from '../../errors.ts';
import { copyGraph } from '../../onnx/copy.ts';
import { exportModel } from '../../onnx/exporting/exportModel.ts';
import { Graph, int, ints, text } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { importGraph } from '../../onnx/importing/importGraph.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import { dataTypeCode } from '../../onnx/tensorProto.ts';
import { openDimensions, type NetworkFile } from '../../training/engines/networkFile.ts';
import { bindSamples, networkInputs } from '../../training/networkInputs.ts';
import { addForeign, keepForeign, namesIn, writeAround } from '../foreign/foreignGraph.ts';
import type { InputFit } from './fitInput.ts';
import { addOutputFit, type OutputFit } from './fitOutputs.ts';

/** What is done to samples before a network sees them, and to its outputs, in this order. */
export interface Adaptation {
  /**
   * Per channel: value × scale + offset. Where there are `steps`, what is found is rounded to multiples of 1 / step, unless that is 0: trees
   * compare numbers with thresholds that are numbers of the data, which scaling and back may miss by the last bit.
   */
  readonly affine?:
    | { readonly scale: readonly number[]; readonly offset: readonly number[]; readonly steps?: readonly number[] }
    | undefined;
  readonly input?: InputFit | undefined;
  /** How many numbers the outputs [batch, …] of a sample have that become a vector [batch, width]: convolutions end in [batch, width, 1, 1]. */
  readonly width?: number | undefined;
  readonly outputs?: OutputFit | undefined;
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
  // What is added gets the same names in both graphs, though one of them may keep the file as one node.
  const reserved = [...namesIn(file.proto), ...network.graph.names];
  const { whole, foreign } = network.foreign
    ? { whole: withOpenBatch(network.graph), foreign: network.foreign }
    : wholeOf(network, native);
  const anyBatch = adaptGraph(whole, network, adaptation, { sampleShape, reserved });
  const graph = adaptGraph(network.graph, network, adaptation, { sampleShape, reserved });
  const [adapted = output] = graph.outputs.map(({ name }) => name);
  const sha256 = createHash('sha256')
    .update(`${file.sha256} ${JSON.stringify(adaptation)}`)
    .digest('hex');
  const metadata = Object.fromEntries(file.proto.metadataProps.map(({ key, value }) => [key, value]));
  const name = file.proto.graph?.name ?? '';
  const proto = foreign
    ? writeAround(anyBatch, foreign)
    : exportModel(anyBatch, { name: name === '' ? 'adapted' : name, metadata });
  return {
    ...network,
    file: { ...file, sha256, proto },
    graph,
    inputs: adaptation.affine || adaptation.input ? networkInputs(graph.inputs) : network.inputs,
    output: adapted,
    sampleShape: adaptation.affine || adaptation.input ? sampleShape : network.sampleShape,
    outputShape: graph.outputs[0]?.shape.slice(1) ?? [],
    isAdapted: true,
  };
}

/**
 * The graph of a network for any number of samples. Where shapes follow the batch in a way that is only known once it is bound, the
 * file is kept as it is, as one node.
 */
function wholeOf(
  { file, graph, output }: NetworkFile,
  native: readonly number[],
): { readonly whole: Graph; readonly foreign?: NetworkFile['file']['proto'] } {
  try {
    return { whole: importGraph(file.proto, { bind: openDimensions(file.proto, native) }) };
  } catch (error) {
    if (!(error instanceof DistilleryError) || error.code === 'INTERNAL') throw error;
    const whole = new Graph();
    const open = (shape: Value['shape']) => ['batch', ...shape.slice(1)];
    const inputs = graph.inputs.map(({ name, type, shape }) => whole.input(name, type, open(shape)));
    const { type, shape } = graph.value(output);
    whole.output(addForeign(whole, inputs, { name: output, type, shape: open(shape) }));
    return { whole, foreign: file.proto };
  }
}

/** A graph for one sample, of which the rest is not known, for any number of them. */
function withOpenBatch(original: Graph): Graph {
  const graph = new Graph();
  graph.reserve(original.names);
  const bindings = new Map(
    original.inputs.map(({ name, type, shape }) => [name, graph.input(name, type, ['batch', ...shape.slice(1)])]),
  );
  const copies = copyGraph(graph, original, { bindings, prefix: '', rewrite: keepForeign(graph) });
  for (const { name } of original.outputs) graph.output(copies.get(name) ?? graph.value(name));
  return graph;
}

/** A graph with the adapted output first and only. */
function adaptGraph(
  original: Graph,
  { output, inputs }: Pick<NetworkFile, 'output' | 'inputs'>,
  { affine, input, width, outputs, classes }: Adaptation,
  { sampleShape, reserved }: { readonly sampleShape: readonly number[]; readonly reserved: readonly string[] },
): Graph {
  const graph = new Graph();
  graph.reserve(reserved);
  const [first] = original.inputs;
  const bindings = new Map<string, Value>();
  if (first && (affine || input)) {
    let samples = graph.input(graph.freshName('samples'), 'float32', [first.shape[0] ?? 1, ...sampleShape]);
    if (affine) {
      const perChannel = (values: readonly number[]): Value =>
        graph.constant(floatTensor(values, [values.length, ...sampleShape.slice(1).map(() => 1)]));
      samples = graph.op('Add', [graph.op('Mul', [samples, perChannel(affine.scale)]), perChannel(affine.offset)]);
      if (affine.steps) samples = roundedToSteps(graph, samples, affine.steps);
    }
    const isInParts = inputs.some(({ taken }) => taken !== undefined);
    if (isInParts)
      for (const [name, part] of bindSamples(graph, inputs, samples, { kind: 'values' })) bindings.set(name, part);
    else if (input) samples = fitted(graph, samples, input);
    // A network that takes vectors takes the values of a sample row by row.
    else if (first.shape.length === 2) samples = graph.op('Reshape', [samples, graph.integers([0, -1])]);
    if (!isInParts) bindings.set(first.name, samples);
  } else for (const { name, type, shape } of original.inputs) bindings.set(name, graph.input(name, type, shape));
  const copies = copyGraph(graph, original, { bindings, prefix: '', rewrite: keepForeign(graph) });
  const given = copies.get(output) ?? graph.value(output);
  // Numbers of double precision are turned into float32 when they are read, and have to be here before anything is done to them.
  const float = given.type === 'float32' ? given : graph.op('Cast', [given], { to: int(dataTypeCode('float32')) });
  const vector = width === undefined ? float : graph.op('Reshape', [float, graph.integers([-1, width])]);
  const found = outputs ? addOutputFit(graph, vector, outputs) : vector;
  graph.output(
    classes ? graph.op('Gather', [found, graph.integers(classes)], { axis: int(found.shape.length - 1) }) : found,
  );
  return graph;
}

/** Values [batch, n] rounded to multiples of 1 / step for each of the n. */
export function roundedToSteps(graph: Graph, values: Value, steps: readonly number[]): Value {
  const sizes = graph.constant(floatTensor(steps.map((step) => step || 1)));
  const raised = graph.op('Add', [graph.op('Mul', [values, sizes]), graph.scalar(0.5)]);
  const rounded = graph.op('Div', [graph.op('Floor', [raised]), sizes]);
  if (steps.every((step) => step > 0)) return rounded;
  const areStepped = graph.op('Greater', [graph.constant(floatTensor(steps)), graph.scalar(0)]);
  return graph.op('Where', [areStepped, rounded, values]);
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
