import type { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import type { Shape } from '../../onnx/tensor.ts';

/** A value inside a network that a feature loss can compare. */
export interface FeatureCandidate {
  /** Name of the ONNX value. */
  readonly name: string;
  readonly shape: Shape;
  readonly operator: string;
  /** Which values belong together: `8×8` for maps of that size, `pooled maps`, `tokens`, `vectors`. */
  readonly stage: string;
  /** Whether it is the last one of its stage. */
  readonly lastOfStage: boolean;
}

const activations: ReadonlySet<string> = new Set(
  'Relu LeakyRelu PRelu Clip Elu Selu Gelu HardSwish Swish Mish Tanh Sigmoid'.split(' '),
);

const normalizations: ReadonlySet<string> = new Set([
  ...['BatchNormalization', 'InstanceNormalization', 'GroupNormalization'],
  ...['LayerNormalization', 'RMSNormalization', 'SimplifiedLayerNormalization'],
]);

/** Operators that end a stage or join branches; `Add` and `Mul` do so only sometimes. */
const joins: ReadonlySet<string> = new Set(['Concat', 'MaxPool', 'AveragePool']);

/** Operators that turn maps or token features into vectors. */
const flattens: ReadonlySet<string> = new Set(['Flatten', 'Reshape', 'Squeeze', 'ReduceMean', 'GlobalAveragePool']);

/**
 * The values of a network that are worth comparing, in the order of computation: outputs of activations, sums,
 * normalisations and pooling that depend on the input and on weights and have one entry per sample, as vectors [B, D],
 * token features [B, L, H] or, of images, maps [B, C, H, W]. Left out are the network's outputs, normalisations that
 * only an activation reads, biased products, masked values and the scores of an attention.
 */
export function listFeatureCandidates(graph: Graph): FeatureCandidate[] {
  const inputShape = graph.inputs[0]?.shape ?? [];
  const context: Context = { graph, learned: learnedValues(graph), readers: readersOf(graph) };
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const found = graph.nodes.flatMap((node) => {
    const [value] = node.outputs;
    if (!value || !context.learned.has(value.name) || outputs.has(value.name)) return [];
    if (value.type !== 'float32' || value.shape[0] !== inputShape[0]) return [];
    if (value.shape.length === 4 && inputShape.length !== 4) return [];
    const stage = stageOf(value.shape);
    return stage !== undefined && endsLayer(context, node, value) ? [{ value, operator: node.operator, stage }] : [];
  });
  const last = new Map(found.map(({ value, stage }) => [stage, value.name]));
  return found.map(({ value, operator, stage }) => ({
    name: value.name,
    shape: value.shape,
    operator,
    stage,
    lastOfStage: last.get(stage) === value.name,
  }));
}

interface Context {
  readonly graph: Graph;
  /** Names of the values that depend on both the input and weights. */
  readonly learned: ReadonlySet<string>;
  /** Operators that read a value, by its name. */
  readonly readers: ReadonlyMap<string, readonly string[]>;
}

function learnedValues(graph: Graph): Set<string> {
  const reached = new Set(graph.inputs.map(({ name }) => name));
  const learned = new Set<string>();
  for (const { inputs, outputs } of graph.nodes) {
    if (!inputs.some((input) => input && reached.has(input.name))) continue;
    const isLearned = inputs.some((input) => input && (learned.has(input.name) || isWeight(graph, input)));
    for (const output of outputs) {
      if (!output) continue;
      reached.add(output.name);
      if (isLearned) learned.add(output.name);
    }
  }
  return learned;
}

function isWeight(graph: Graph, { name, type }: Value): boolean {
  return type === 'float32' && graph.initializers.has(name) && !graph.isConstant(name);
}

function readersOf(graph: Graph): Map<string, string[]> {
  const readers = new Map<string, string[]>();
  for (const { operator, inputs } of graph.nodes) {
    for (const input of inputs) if (input) readers.set(input.name, [...(readers.get(input.name) ?? []), operator]);
  }
  return readers;
}

/** The stage of a value of this shape; undefined for what is no feature. */
function stageOf(shape: Shape): string | undefined {
  const [height, width] = shape.slice(2);
  switch (shape.length) {
    case 2:
      return 'vectors';
    case 3:
      return 'tokens';
    case 4:
      if (typeof height !== 'number' || typeof width !== 'number') return undefined;
      return height === 1 && width === 1 ? 'pooled maps' : `${height}×${width}`;
    default:
      return undefined;
  }
}

/** Whether a value ends a layer or a block rather than being a step on the way. */
function endsLayer({ graph, learned, readers }: Context, { operator, inputs }: Node, { name, shape }: Value): boolean {
  const readBy = readers.get(name) ?? [];
  if (readBy.includes('Softmax')) return false;
  if (activations.has(operator)) return true;
  if (normalizations.has(operator)) return !readBy.every((reader) => activations.has(reader));
  if (flattens.has(operator)) return shape.length === 2 || operator === 'GlobalAveragePool';
  if (operator === 'Mul') return inputs.every((input) => input && learned.has(input.name));
  if (operator !== 'Add') return joins.has(operator);
  const adds = inputs.map((input) => input && graph.producer(input)?.operator);
  return !(adds.includes('MatMul') && inputs.some((input) => input && isWeight(graph, input)));
}
