import type { Composite } from '../../autodiff/rule.ts';
import type { Rewrite } from '../../onnx/copy.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { buildTrainedDropout, dropoutRatio, type DropoutInput } from './dropout.ts';
import { buildTrainedNormalization, type TrainedNormalization } from './normalization/batchNormalization.ts';
import { buildCentredConvolution, hasSmallInput } from './normalization/centredConvolution.ts';
import { buildPointwiseNormalization, isPointwiseExpansion } from './normalization/pointwiseNormalization.ts';
import { countReaders, type Readers } from '../../onnx/readers.ts';
import type { FlatGroup } from './parameters.ts';

/** Whether a layer gives its last state only. */
function isRecurrentWithoutStates({ operator, domain, outputs }: Node): boolean {
  return domain === '' && (operator === 'LSTM' || operator === 'GRU') && outputs[0] === undefined;
}

/** Turns nodes that do something else in training than in inference into what they do in training: Dropout, BatchNormalization; layers that are read in part. */
export class TrainedForm {
  /** What the running statistics become in a step, by their names in the network. */
  readonly successors = new Map<string, Value>();
  /** Nodes that are differentiated as one, by the name of their output. */
  readonly composites = new Map<string, Composite>();
  readonly dropouts: DropoutInput[] = [];
  readonly #graph: Graph;
  readonly #network: Graph;
  readonly #joins: boolean;
  readonly #moving: ReadonlySet<string>;
  readonly #readers: Readers;

  /**
   * @param graph that the network is copied into
   * @param statistics that move; normalisations with others stay in inference form
   * @param joins whether normalisations are computed together with the convolutions before them
   */
  constructor(graph: Graph, network: Graph, statistics: FlatGroup, joins = false) {
    this.#graph = graph;
    this.#network = network;
    this.#joins = joins;
    this.#readers = countReaders(network);
    this.#moving = new Set(statistics.slots.map(({ name }) => name));
  }

  readonly rewrite: Rewrite = (node, inputs) => {
    const [input] = inputs;
    if (node.operator === 'Dropout' && input) return [this.#dropout(node, input)];
    if (node.operator === 'MaxPool' && input) return this.#pool(node, input);
    if (isRecurrentWithoutStates(node)) return this.#withStates(node, inputs);
    const [mean, variance] = node.inputs.slice(3, 5).map((statistic) => statistic?.name ?? '');
    if (node.operator !== 'BatchNormalization' || mean === undefined || variance === undefined) return undefined;
    if (!this.#moving.has(mean)) return undefined;
    // A layer that is applied again moves its statistics on from where they are by then.
    const [x, scale, bias, ...running] = inputs;
    const moved = [mean, variance].map((name, index) => this.successors.get(name) ?? running[index]);
    const trained = this.#normalization(node, [x, scale, bias, ...moved]);
    this.successors.set(mean, trained.mean);
    this.successors.set(variance, trained.variance);
    this.composites.set(trained.output.name, trained.composite);
    return [trained.output];
  };

  #normalization(node: Node, inputs: readonly (Value | undefined)[]): TrainedNormalization {
    const graph = this.#graph;
    const [x] = inputs;
    const isReadAlone = this.#readers.get(node.inputs[0]?.name ?? '') === 1;
    const convolution = this.#joins && isReadAlone && x ? graph.producer(x) : undefined;
    if (convolution && isPointwiseExpansion(convolution)) {
      return buildPointwiseNormalization(graph, node, inputs, convolution);
    }
    const centred = convolution && hasSmallInput(convolution) ? buildCentredConvolution(graph, convolution) : undefined;
    if (centred) this.composites.set(centred.image.name, centred.composite);
    return buildTrainedNormalization(graph, node, inputs, centred);
  }

  /** The layer with its hidden states as an output, which its gradient is computed from. */
  #withStates(node: Node, inputs: readonly (Value | undefined)[]): readonly (Value | undefined)[] {
    const { operator, attributes, outputs } = node;
    const names = outputs.map((output, index) =>
      output || index === 0 ? this.#graph.freshName(operator.toLowerCase()) : '',
    );
    return this.#graph.node(operator, inputs, { attributes, outputs: names });
  }

  /**
   * A rectifier before a pool of maxima comes after it, where it has less to do: what is largest stays largest. The gradient goes the same
   * way, to the first of equal maxima, and nowhere where they are negative.
   */
  #pool(node: Node, input: Value): readonly Value[] | undefined {
    const rectifier = this.#graph.producer(input);
    const [rectified] = rectifier?.inputs ?? [];
    if (rectifier?.operator !== 'Relu' || !rectified || node.outputs[1]) return undefined;
    if ((this.#readers.get(node.inputs[0]?.name ?? '') ?? 0) > 1) return undefined;
    return [this.#graph.op('Relu', [this.#graph.op('MaxPool', [rectified], node.attributes)])];
  }

  #dropout(node: Node, input: Value): Value {
    const ratio = dropoutRatio(this.#network, node);
    if (ratio === 0) return input;
    const dropped = buildTrainedDropout(this.#graph, input, ratio, this.dropouts.length);
    this.dropouts.push(dropped.input);
    return dropped.output;
  }
}
