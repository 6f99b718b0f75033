import type { GraphProto, ModelProto, NodeProto } from './onnx_pb.ts';

/** A layer into whose weights a batch normalisation was folded when it was exported. */
export interface FoldedLayer {
  readonly node: string;
  /** The initializer that the weights are in. */
  readonly weight: string;
  /** Who folded it, which decides how it is kept apart. */
  readonly by: 'pytorch' | 'torchscript' | 'runtime' | 'other';
}

/** A layer whose weights its exporter computed. */
export interface ComputedLayer {
  readonly node: string;
  readonly weight: string;
}

/** The entry of a node's metadata in which PyTorch's exporter lists the rules that changed the node. */
const RULES = 'pkg.onnxscript.rewriter.rule_name';
/** The entry that holds the call which the node stands for, with the names of its parameters. */
const CALL = 'pkg.torch.onnx.fx_node';

/** What keeps a batch normalisation apart from the layer before it. */
const WAYS: Readonly<Record<FoldedLayer['by'], string>> = {
  pytorch: 'export with torch.onnx.export(…, optimize=False)',
  torchscript: 'export with torch.onnx.export(…, training=torch.onnx.TrainingMode.PRESERVE)',
  runtime: 'take the file that ONNX Runtime was given, not the one that it optimised',
  other: 'export without optimisations',
};

/** Operators with a bias as their third input. */
const BIASED: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm']);

/**
 * The layers of a stored model that had a batch normalisation behind them: its exporter says so in the node's metadata, or in names that it
 * gives only to what it folded. A file that says nothing of it tells of none.
 */
export function foldedLayers({ graph, producerName }: ModelProto): FoldedLayer[] {
  const stored = new Set(graph?.initializer.map(({ name }) => name));
  return (graph?.node ?? []).flatMap((node) => {
    const weight = node.input[1];
    const by = weight !== undefined && stored.has(weight) ? folderOf(node, producerName) : undefined;
    return weight !== undefined && by ? [{ node: node.name || (node.output[0] ?? ''), weight, by }] : [];
  });
}

function folderOf(node: NodeProto, producer: string): FoldedLayer['by'] | undefined {
  if (!BIASED.has(node.opType) && node.opType !== 'FusedConv') return undefined;
  if (metadataOf(node, RULES).includes('FuseBatchNorm')) return 'pytorch';
  const [, weight = '', bias = ''] = node.input;
  const both = (pattern: RegExp): boolean => pattern.test(weight) && pattern.test(bias);
  // PyTorch's older exporter names parameters after their modules, and numbers what it computes.
  if (producer === 'pytorch' && both(/^(?:onnx::Conv_|onnx::ConvTranspose_)?\d+$/)) return 'torchscript';
  if (/^ConvBnFusion_/.test(weight) && /^ConvBnFusion_/.test(bias)) return 'runtime';
  return both(/_fused_bn(?::\d+)?$/) ? 'other' : undefined;
}

function tellFolded(folded: readonly FoldedLayer[]): string | undefined {
  const [first] = folded;
  if (!first) return undefined;
  const many = folded.length > 1;
  return (
    `The exporter folded ${many ? `${folded.length} batch normalisations into the layers before them` : 'a batch normalisation into the layer before it'}` +
    ` (${many ? 'such as ' : ''}'${first.node}'): trained further, the network has none; to train with ${many ? 'them' : 'it'}, ${WAYS[first.by]}.`
  );
}

/**
 * The layers of a stored model that had biases, which their exporter left out because they were zero. PyTorch's notes on a node that it dropped
 * one, for layers that never had any as well, and the call that it came from, which names those of the layer or of the batch normalisation in it.
 */
export function layersWithoutBias(graph: GraphProto): NodeProto[] {
  return graph.node.filter((node) => {
    if (!BIASED.has(node.opType) || (node.input[2] ?? '') !== '') return false;
    return metadataOf(node, RULES).includes('RemoveOptionalBias') && /%\w*bias\b/.test(metadataOf(node, CALL));
  });
}

/**
 * The layers of a stored model whose weights were computed from others in the program that it was exported from (normalised rows, weight
 * normalisation), and which its exporter stored as they came out.
 */
export function computedLayers({ graph }: ModelProto): ComputedLayer[] {
  const stored = new Set(graph?.initializer.map(({ name }) => name));
  return (graph?.node ?? []).flatMap((node) => {
    if (!BIASED.has(node.opType) && node.opType !== 'MatMul' && node.opType !== 'Einsum') return [];
    // A parameter has another name in the call: `%p_fc_weight` for `fc.weight`.
    const called = metadataOf(node, CALL).split(/[^%\w]+/);
    const weight = node.input.find((name) => stored.has(name) && called.includes(`%${name}`));
    return weight === undefined ? [] : [{ node: node.name || (node.output[0] ?? ''), weight }];
  });
}

/** What is to be known of a network before it is trained, of which some layers are as its exporter made them; see `foldedLayers`. */
export function tellBeforeTraining(model: ModelProto, isTrained: (weight: string) => boolean = () => true): string[] {
  const folded = tellFolded(foldedLayers(model).filter(({ weight }) => isTrained(weight)));
  const computed = computedLayers(model).filter(({ weight }) => isTrained(weight));
  const [first, ...others] = computed;
  return [
    ...(folded === undefined ? [] : [folded]),
    ...(first
      ? [
          `The exporter computed the weights of ${others.length > 0 ? `${computed.length} layers (such as '${first.node}')` : `the layer '${first.node}'`} ` +
            `once: trained further, they are plain weights; to train what they are computed from, ${WAYS.pytorch}.`,
        ]
      : []),
  ];
}

function metadataOf(node: NodeProto, key: string): string {
  return node.metadataProps.find((entry) => entry.key === key)?.value ?? '';
}

/** What an exporter left out of a network, for whoever inspects the file. */
export function tellExporterTraces(model: ModelProto): string[] {
  const bare = model.graph ? layersWithoutBias(model.graph) : [];
  const missing =
    bare.length === 0
      ? []
      : [
          `The exporter left out the biases of ${bare.length === 1 ? 'a layer' : `${bare.length} layers`} (such as '${bare[0]?.name ?? ''}'), ` +
            'which were zero; where the network is trained further, they are put back.',
        ];
  return [...tellBeforeTraining(model), ...missing];
}
