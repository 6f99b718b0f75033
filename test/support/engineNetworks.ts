import { randomStream } from '../../src/data/random.ts';
import { float, Graph, int, ints } from '../../src/onnx/graph.ts';
import type { Attributes, Value } from '../../src/onnx/node.ts';
import { filled, heNormal, uniformFanIn } from '../../src/students/initialize.ts';

/** A small network of one of the common kinds, and what it takes. */
export interface EngineNetwork {
  readonly graph: Graph;
  readonly sampleShape: readonly number[];
  readonly classes: number;
  /** Samples are whole numbers below this; without it they are normally distributed. */
  readonly vocabulary?: number;
}

/** Adds layers with random weights to a graph. */
class Layers {
  readonly graph = new Graph();
  readonly #random = randomStream(7, 'weights');
  #count = 0;

  linear(x: Value, outputs: number): Value {
    const inputs = Number(x.shape.at(-1));
    const weight = uniformFanIn(this.#random, [inputs, outputs], inputs);
    const product = this.graph.op('MatMul', [x, this.#weight('weight', weight)]);
    return this.graph.op('Add', [product, this.#weight('bias', filled([outputs], 0.01))]);
  }

  convolution(
    x: Value,
    channels: number,
    attributes: { readonly stride?: number; readonly kernel?: number; readonly groups?: number } = {},
  ): Value {
    const { stride = 1, kernel = 3, groups = 1 } = attributes;
    const inputs = Number(x.shape[1]) / groups;
    const weight = heNormal(this.#random, [channels, inputs, kernel, kernel], inputs * kernel ** 2);
    const padding = (kernel - 1) / 2;
    const options: Attributes = {
      kernel_shape: ints([kernel, kernel]),
      strides: ints([stride, stride]),
      pads: ints([padding, padding, padding, padding]),
      group: int(groups),
    };
    return this.graph.op('Conv', [x, this.#weight('kernel', weight)], options);
  }

  batchNormalization(x: Value): Value {
    const channels = [Number(x.shape[1])];
    const parameters = [1, 0, 0, 1].map((value) => this.#weight('normalization', filled(channels, value)));
    return this.graph.op('BatchNormalization', [x, ...parameters], { momentum: float(0.9) });
  }

  layerNormalization(x: Value): Value {
    const size = [Number(x.shape.at(-1))];
    const parameters = [1, 0].map((value) => this.#weight('layer', filled(size, value)));
    return this.graph.op('LayerNormalization', [x, ...parameters], { axis: int(-1), epsilon: float(1e-5) });
  }

  embedding(indices: Value, rows: number, width: number): Value {
    return this.graph.op('Gather', [this.#weight('embedding', uniformFanIn(this.#random, [rows, width], 4)), indices]);
  }

  classifier(images: Value, classes: number): Graph {
    const pooled = this.graph.op('GlobalAveragePool', [images]);
    this.graph.output(this.linear(this.graph.op('Flatten', [pooled]), classes), 'logits');
    return this.graph;
  }

  #weight(name: string, tensor: ReturnType<typeof filled>): Value {
    return this.graph.initializer(`${name}${this.#count++}`, tensor);
  }
}

/** 12-16-16-4 with ReLU. */
export function mlpNetwork(): EngineNetwork {
  const layers = new Layers();
  let value = layers.graph.input('input', 'float32', ['batch', 12]);
  for (let layer = 0; layer < 2; layer++) value = layers.graph.op('Relu', [layers.linear(value, 16)]);
  layers.graph.output(layers.linear(value, 4), 'logits');
  return { graph: layers.graph, sampleShape: [12], classes: 4 };
}

/** ResNet-8 (arXiv 1512.03385, section 4.2 with n = 1) of 4, 8 and 16 channels on images of 8×8. */
export function resnetNetwork(): EngineNetwork {
  const layers = new Layers();
  const { graph } = layers;
  const input = graph.input('input', 'float32', ['batch', 3, 8, 8]);
  const normalized = (x: Value, channels: number, stride = 1, kernel = 3): Value =>
    layers.batchNormalization(layers.convolution(x, channels, { stride, kernel }));
  let value = graph.op('Relu', [normalized(input, 4)]);
  for (const [channels, stride] of [
    [4, 1],
    [8, 2],
    [16, 2],
  ] as const) {
    const inner = graph.op('Relu', [normalized(value, channels, stride)]);
    const shortcut = stride === 1 ? value : normalized(value, channels, stride, 1);
    value = graph.op('Relu', [graph.op('Add', [normalized(inner, channels), shortcut])]);
  }
  return { graph: layers.classifier(value, 4), sampleShape: [3, 8, 8], classes: 4 };
}

/** MobileNetV2's inverted residuals (arXiv 1801.04381): one of stride 1 with its shortcut, one of stride 2. */
export function mobilenetNetwork(): EngineNetwork {
  const layers = new Layers();
  const { graph } = layers;
  const relu6 = (x: Value): Value => graph.op('Clip', [layers.batchNormalization(x), graph.scalar(0), graph.scalar(6)]);
  const invertedResidual = (x: Value, channels: number, stride: number): Value => {
    const inputs = Number(x.shape[1]);
    const expanded = relu6(layers.convolution(x, 4 * inputs, { kernel: 1 }));
    const filtered = relu6(layers.convolution(expanded, 4 * inputs, { stride, groups: 4 * inputs }));
    const projected = layers.batchNormalization(layers.convolution(filtered, channels, { kernel: 1 }));
    return stride === 1 && inputs === channels ? graph.op('Add', [x, projected]) : projected;
  };
  let value = relu6(layers.convolution(graph.input('input', 'float32', ['batch', 3, 8, 8]), 4, { stride: 2 }));
  value = invertedResidual(value, 4, 1);
  value = invertedResidual(value, 8, 2);
  return { graph: layers.classifier(value, 4), sampleShape: [3, 8, 8], classes: 4 };
}

/** Two layers of a transformer encoder (arXiv 1706.03762, normalised first) over six tokens, averaged and classified. */
export function transformerNetwork(): EngineNetwork {
  const layers = new Layers();
  const { graph } = layers;
  const [tokens, hidden, heads, vocabulary] = [6, 16, 2, 11];
  const width = hidden / heads;
  const input = graph.input('input', 'float32', ['batch', tokens]);
  const words = layers.embedding(graph.op('Cast', [input], { to: int(7) }), vocabulary, hidden);
  const positions = layers.embedding(graph.integers([0, 1, 2, 3, 4, 5]), tokens, hidden);
  const split = (x: Value): Value => {
    const parts = graph.op('Reshape', [x, graph.integers([0, tokens, heads, width])]);
    return graph.op('Transpose', [parts], { perm: ints([0, 2, 1, 3]) });
  };
  const attention = (x: Value): Value => {
    const [query, key, value] = graph.node('Split', [layers.linear(x, 3 * hidden)], {
      attributes: { axis: int(-1), num_outputs: int(3) },
      outputs: ['query', 'key', 'value'].map((name) => graph.freshName(name)),
    });
    const keys = graph.op('Transpose', [split(key!)], { perm: ints([0, 1, 3, 2]) });
    const scores = graph.op('Div', [graph.op('MatMul', [split(query!), keys]), graph.scalar(Math.sqrt(width))]);
    const mixed = graph.op('MatMul', [graph.op('Softmax', [scores], { axis: int(-1) }), split(value!)]);
    const joined = graph.op('Transpose', [mixed], { perm: ints([0, 2, 1, 3]) });
    return layers.linear(graph.op('Reshape', [joined, graph.integers([0, tokens, hidden])]), hidden);
  };
  let value = graph.op('Add', [words, positions]);
  for (let layer = 0; layer < 2; layer++) {
    value = graph.op('Add', [value, attention(layers.layerNormalization(value))]);
    const inner = graph.op('Gelu', [layers.linear(layers.layerNormalization(value), 2 * hidden)]);
    value = graph.op('Add', [value, layers.linear(inner, hidden)]);
  }
  const pooled = graph.op('ReduceMean', [layers.layerNormalization(value), graph.integers([1])], { keepdims: int(0) });
  graph.output(layers.linear(pooled, 4), 'logits');
  return { graph, sampleShape: [tokens], classes: 4, vocabulary };
}
