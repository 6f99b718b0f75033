import { elementCount, floatTensor, type Dimensions, type FloatTensor } from '../onnx/tensor.ts';

/** A source of uniform numbers in [0, 1) and standard normal ones. */
export interface Random {
  uniform(): number;
  normal(): number;
}

/** Draws nothing: weights stay zero, however many there are, where only their shapes matter. */
export const nothingDrawn: Random = { uniform: () => 0, normal: () => 0 };

/** He initialisation for layers followed by a ReLU (arXiv 1502.01852): normal with variance 2 / fanIn. */
export function heNormal(random: Random, shape: Dimensions, fanIn: number): FloatTensor {
  return normal(random, shape, Math.sqrt(2 / fanIn));
}

/** Normal with mean 0. */
export function normal(random: Random, shape: Dimensions, deviation: number): FloatTensor {
  return drawn(random, shape, () => random.normal() * deviation);
}

/** Uniform in ±1/√fanIn: what a linear output layer starts from. */
export function uniformFanIn(random: Random, shape: Dimensions, fanIn: number): FloatTensor {
  const bound = 1 / Math.sqrt(fanIn);
  return drawn(random, shape, () => (random.uniform() * 2 - 1) * bound);
}

/** All elements alike: biases and normalisation scales. */
export function filled(shape: Dimensions, value: number): FloatTensor {
  return floatTensor(new Float32Array(elementCount(shape)).fill(value), shape);
}

/** A plain loop: `Float32Array.from` takes many times as long, which shows with millions of weights. */
function drawn(random: Random, shape: Dimensions, draw: () => number): FloatTensor {
  const data = new Float32Array(elementCount(shape));
  if (random !== nothingDrawn) for (let index = 0; index < data.length; index++) data[index] = draw();
  return floatTensor(data, shape);
}
