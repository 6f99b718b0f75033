import { elementCount, floatTensor, type Dimensions, type FloatTensor } from '../onnx/tensor.ts';

/** A source of uniform numbers in [0, 1) and standard normal ones. */
export interface Random {
  uniform(): number;
  normal(): number;
}

/** He initialisation for layers followed by a ReLU (arXiv 1502.01852): normal with variance 2 / fanIn. */
export function heNormal(random: Random, shape: Dimensions, fanIn: number): FloatTensor {
  const deviation = Math.sqrt(2 / fanIn);
  return floatTensor(
    Float32Array.from({ length: elementCount(shape) }, () => random.normal() * deviation),
    shape,
  );
}

/** Uniform in ±1/√fanIn: what a linear output layer starts from. */
export function uniformFanIn(random: Random, shape: Dimensions, fanIn: number): FloatTensor {
  const bound = 1 / Math.sqrt(fanIn);
  return floatTensor(
    Float32Array.from({ length: elementCount(shape) }, () => (random.uniform() * 2 - 1) * bound),
    shape,
  );
}

/** All elements alike: biases and normalisation scales. */
export function filled(shape: Dimensions, value: number): FloatTensor {
  return floatTensor(new Float32Array(elementCount(shape)).fill(value), shape);
}
