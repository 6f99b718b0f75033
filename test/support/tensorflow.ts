import { createRequire } from 'node:module';
import util from 'node:util';
import type * as TensorFlow from '@tensorflow/tfjs-core';
import { arrayOf, type NumberArray } from './reference/array.ts';

export type Tf = typeof TensorFlow;
export type TfTensor = TensorFlow.Tensor;

const require = createRequire(import.meta.url);

async function load(): Promise<Tf> {
  // TensorFlow.js 4.22 calls this function, which Node 23 removed.
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const tf = require('@tensorflow/tfjs-core') as Tf;
  tf.env().set('IS_TEST', true);
  require('@tensorflow/tfjs-backend-cpu');
  require('@tensorflow/tfjs-core/dist/register_all_gradients.js');
  await tf.setBackend('cpu');
  return tf;
}

let loaded: Promise<Tf> | undefined;

/** TensorFlow.js on its plain CPU backend, with its gradients registered; loaded once. */
export function cpuTensorflow(): Promise<Tf> {
  return (loaded ??= load());
}

/**
 * Gradients of Σ weights ⊙ f(inputs) by TensorFlow.js's own automatic differentiation, in float32.
 * @param build the function, as TensorFlow.js writes it; one weight array per output
 */
export async function tensorflowGradients(
  build: (tf: Tf, inputs: TfTensor[]) => TfTensor | TfTensor[],
  inputs: readonly NumberArray[],
  weights: readonly NumberArray[],
): Promise<NumberArray[]> {
  const tf = await cpuTensorflow();
  const toTensor = ({ data, shape }: NumberArray) => tf.tensor(Float32Array.from(data), [...shape]);
  const tensors = inputs.map(toTensor);
  const factors = weights.map(toTensor);
  const results: TfTensor[] = [];
  try {
    const loss = (...given: TfTensor[]) => {
      const outputs = [build(tf, given)].flat();
      return outputs
        .map((output, index) => tf.sum(tf.mul(output, factors[index]!)))
        .reduce((sum, term) => tf.add(sum, term)) as TensorFlow.Scalar;
    };
    results.push(...tf.grads(loss)(tensors));
    return results.map((result) => arrayOf(result.shape, result.dataSync()));
  } finally {
    tf.dispose([...tensors, ...factors, ...results]);
  }
}
