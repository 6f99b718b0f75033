import type { Graph, Node, Value } from '../../onnx/graph.ts';
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

/** Operators whose output ends a layer or a block. */
const ends: ReadonlySet<string> = new Set([
  ...['Relu', 'LeakyRelu', 'PRelu', 'Clip', 'Elu', 'Selu', 'Gelu', 'HardSwish', 'Swish', 'Mish', 'Tanh', 'Sigmoid'],
  ...['Add', 'Concat', 'Mul'],
  ...[
    'BatchNormalization',
    'LayerNormalization',
    'RMSNormalization',
    'SimplifiedLayerNormalization',
    'GroupNormalization',
  ],
  ...['MaxPool', 'AveragePool'],
]);

/** Operators that turn maps or token features into vectors. */
const flattens: ReadonlySet<string> = new Set(['Flatten', 'Reshape', 'Squeeze', 'ReduceMean', 'GlobalAveragePool']);

/**
 * The values of a network that are worth comparing, in the order of computation: outputs of activations, sums, normalisations
 * and pooling that depend on the input and have one entry per sample, as vectors [B, D], token features [B, L, H] or maps
 * [B, C, H, W]. Weights, the network's outputs and sums that only add a bias before an activation are left out.
 */
export function listFeatureCandidates(graph: Graph): FeatureCandidate[] {
  const batch = graph.inputs[0]?.shape[0];
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const reached = new Set(graph.inputs.map(({ name }) => name));
  const found: { readonly value: Value; readonly operator: string; readonly stage: string }[] = [];
  for (const node of graph.nodes) {
    if (!node.inputs.some((input) => input && reached.has(input.name))) continue;
    for (const output of node.outputs) if (output) reached.add(output.name);
    const [value] = node.outputs;
    if (!value || outputs.has(value.name) || value.type !== 'float32' || value.shape[0] !== batch) continue;
    const stage = stageOf(value.shape);
    if (stage !== undefined && isWorthComparing(graph, node, value)) {
      found.push({ value, operator: node.operator, stage });
    }
  }
  const last = new Map(found.map(({ value, stage }) => [stage, value.name]));
  return found.map(({ value, operator, stage }) => ({
    name: value.name,
    shape: value.shape,
    operator,
    stage,
    lastOfStage: last.get(stage) === value.name,
  }));
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

function isWorthComparing(graph: Graph, node: Node, value: Value): boolean {
  if (flattens.has(node.operator)) return value.shape.length === 2 || node.operator === 'GlobalAveragePool';
  return ends.has(node.operator) && !addsBias(graph, node);
}

/** Whether a node adds a weight to a product: the end of a linear layer, not of a block. */
function addsBias(graph: Graph, node: Node): boolean {
  if (node.operator !== 'Add') return false;
  const operators = node.inputs.map((input) => input && graph.producer(input)?.operator);
  return operators.includes('MatMul') && node.inputs.some((input) => input && graph.initializers.has(input.name));
}
