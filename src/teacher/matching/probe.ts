import type { Dataset, Split } from '../../data/dataset.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { countMacs } from '../../onnx/cost.ts';
import { openNetwork, type NetworkFile } from '../../training/engines/networkFile.ts';
import type { Adaptation } from './adaptNetwork.ts';

/** Multiply-accumulate operations that a look at a teacher may take for each normalisation, about. */
const MACS = 1e10;
const SAMPLES = { fewest: 32, most: 1024 };

/** Labelled validation samples that a teacher is tried on, the same in every run. */
export interface ProbeSamples {
  readonly values: Float32Array;
  readonly labels: Int32Array;
  readonly count: number;
}

/** Samples from all over the validation split; fewer for a teacher that takes long. */
export async function readProbeSamples(
  { validation, sampleShape }: Dataset,
  labels: Int32Array,
  network: NetworkFile,
): Promise<ProbeSamples> {
  const affordable = Math.round(MACS / Math.max(1, countMacs(network.graph)));
  const count = Math.min(validation.count, Math.max(SAMPLES.fewest, Math.min(SAMPLES.most, affordable)));
  const indices = Int32Array.from({ length: count }, (_, index) => Math.floor((index * validation.count) / count));
  const values = new Float32Array(count * elementCount(sampleShape));
  await validation.read(indices, values);
  return { values, labels: Int32Array.from(indices, (index) => labels[index] ?? 0), count };
}

/** What a network says of the samples after each of several changes of their values; undefined is none. */
export async function probe(
  network: NetworkFile,
  { values, count }: ProbeSamples,
  { samples, sampleShape }: Dataset,
  changes: readonly Adaptation['affine'][],
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const predictor = await openNetwork(network, { device: 'cpu', samples, sampleShape });
  const width = values.length / count;
  const [channels = 1] = sampleShape;
  const plane = width / channels;
  const changed = (affine: Adaptation['affine']): Split => ({
    count,
    targets: { kind: 'none' },
    read: (indices, target) => {
      for (let row = 0; row < indices.length; row++) {
        for (let offset = 0; offset < width; offset++) {
          const value = values[(indices[row] ?? 0) * width + offset] ?? 0;
          const channel = Math.floor(offset / plane);
          target[row * width + offset] = affine
            ? value * (affine.scale[channel] ?? 1) + (affine.offset[channel] ?? 0)
            : value;
        }
      }
      return Promise.resolve();
    },
  });
  try {
    const outputs: Float32Array[] = [];
    for (const affine of changes) outputs.push(await predictor.predict(changed(affine), { signal }));
    return outputs;
  } finally {
    await predictor.dispose();
  }
}
