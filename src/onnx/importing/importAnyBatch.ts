import { DistilleryError } from '../../errors.ts';
import type { ModelFile } from '../file.ts';
import { Graph } from '../graph.ts';
import type { Value } from '../node.ts';
import { importGraph, importUnpruned, type ImportOptions } from './importGraph.ts';
import { declaredType } from './importTypes.ts';
import type { ModelProto } from '../onnx_pb.ts';
import { pruneGraph } from '../prune.ts';
import type { Dimension, Shape, Tensor } from '../tensor.ts';

/** Two sizes of the batch that hardly any other dimension has by chance. */
const TRIAL_BATCHES = [3, 7] as const;

/**
 * A stored model as a graph whose batch is open, also where the model computes shapes from the batch (`Shape`, `Gather`,
 * `Concat`, `Reshape` and their kin): its shapes are inferred for two sizes of the batch, and what differs is open.
 * Copying the graph with a batch bound infers the shapes for that batch; see `bindInputs`.
 *
 * @throws DistilleryError `UNSUPPORTED` or `BAD_FILE` as `importGraph`
 */
export function importAnyBatch(source: ModelFile | ModelProto, options: Omit<ImportOptions, 'batch'> = {}): Graph {
  const model = 'proto' in source ? source.proto : source;
  let graph: Graph;
  try {
    graph = importGraph(source, options);
  } catch (error) {
    if (!(error instanceof DistilleryError) || error.code === 'INTERNAL') throw error;
    const merged = mergeTrials(model, options);
    if (!merged) throw error;
    return pruneGraph(merged);
  }
  return losesBatch(graph) ? (mergedOrUndefined(model, options) ?? graph) : graph;
}

/** Whether the first dimension of a value is open and of no input: the batch, where it went through a computation of shapes. */
function losesBatch({ inputs, nodes }: Graph): boolean {
  const known = new Set(inputs.flatMap(({ shape }) => shape));
  return nodes.some(({ outputs }) =>
    outputs.some((output) => typeof output?.shape[0] === 'string' && !known.has(output.shape[0])),
  );
}

/** What two trials tell of the open dimensions of a model that can be read without; undefined where they fail. */
function mergedOrUndefined(model: ModelProto, options: ImportOptions): Graph | undefined {
  try {
    const merged = mergeTrials(model, options);
    return merged && pruneGraph(merged);
  } catch (error) {
    if (error instanceof DistilleryError) return undefined;
    throw error;
  }
}

/** Undefined when the model cannot be read for a known batch either, or is another network for every batch. */
function mergeTrials(model: ModelProto, options: ImportOptions): Graph | undefined {
  const batch = openBatch(model);
  if (batch === undefined) return undefined;
  const [smaller, larger] = TRIAL_BATCHES.map((size) => importUnpruned(model, { ...options, batch: size }));
  return smaller && larger && mergeGraphs(smaller, larger, batch);
}

/** The name of the dimension that is the batch; undefined where no input has an open first axis. */
function openBatch({ graph }: ModelProto): string | undefined {
  const weights = new Set(graph?.initializer.map(({ name }) => name));
  for (const info of graph?.input ?? []) {
    if (weights.has(info.name)) continue;
    const [first] = declaredType(info).shape;
    if (typeof first === 'string') return first;
  }
  return undefined;
}

/** One graph of two that were made alike; undefined where they differ in more than sizes and contents that follow from them. */
function mergeGraphs(smaller: Graph, larger: Graph, batch: string): Graph | undefined {
  if (smaller.nodes.length !== larger.nodes.length) return undefined;
  const graph = new Graph();
  const merged = (value: Value): Shape => mergeShapes(value, larger.value(value.name), batch);
  for (const value of smaller.inputs) graph.input(value.name, value.type, merged(value));
  for (const [name, tensor] of smaller.initializers) {
    const other = larger.initializers.get(name);
    if (!other || !isSame(tensor, other)) return undefined;
    graph.initializer(name, tensor, smaller.isConstant(name));
  }
  for (const [index, node] of smaller.nodes.entries()) {
    const other = larger.nodes[index];
    if (other?.operator !== node.operator || other.name !== node.name) return undefined;
    const { operator, domain, name, inputs, outputs, attributes } = node;
    graph.node(
      operator,
      inputs.map((input) => input && graph.value(input.name)),
      {
        domain,
        name,
        attributes,
        outputs: outputs.map((output) => output?.name ?? ''),
        results: outputs.map((output) =>
          output ? { type: output.type, shape: merged(output) } : { type: 'float32', shape: [] },
        ),
      },
    );
  }
  for (const [name, tensor] of smaller.known) {
    const other = larger.known.get(name);
    if (other && isSame(tensor, other)) graph.known.set(name, tensor);
  }
  for (const output of smaller.outputs) graph.output(graph.value(output.name));
  return graph;
}

function mergeShapes({ name, shape }: Value, other: Value, batch: string): Shape {
  const [small, large] = TRIAL_BATCHES;
  return shape.map((size, axis): Dimension => {
    if (size === other.shape[axis]) return size;
    return size === small && other.shape[axis] === large ? batch : `${name}.${axis}`;
  });
}

function isSame(one: Tensor, other: Tensor): boolean {
  if (one.data === other.data) return true;
  return (
    one.type === other.type &&
    one.shape.join() === other.shape.join() &&
    one.data.length === other.data.length &&
    one.data.every((element, index) => Object.is(element, other.data[index]))
  );
}
