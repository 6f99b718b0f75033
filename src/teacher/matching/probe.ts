import type { Dataset } from '../../data/dataset.ts';
import type { Split } from '../../data/samples/split.ts';
import { copyRows, selectTargets, type Targets } from '../../data/targets.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { countMacs } from '../../onnx/cost/cost.ts';
import { openNetwork, type NetworkFile } from '../../training/engines/networkFile.ts';
import type { PredictOptions } from '../../training/engines/predictor.ts';
import type { Adaptation } from './adaptNetwork.ts';

/** Multiply-accumulate operations that a look at a teacher may take for each normalisation, about. */
const MACS = 1e10;
const SAMPLES = { fewest: 32, most: 1024 };

/** Validation samples that a teacher is tried on, the same in every run. */
export interface ProbeSamples {
  readonly values: Float32Array;
  readonly targets: Targets;
  readonly count: number;
}

/** Samples from all over the validation split; fewer for a teacher that takes long. */
export async function readProbeSamples(
  { validation, sampleShape }: Dataset,
  network: NetworkFile,
): Promise<ProbeSamples> {
  const affordable = Math.round(MACS / Math.max(1, countMacs(network.graph)));
  const count = Math.min(validation.count, Math.max(SAMPLES.fewest, Math.min(SAMPLES.most, affordable)));
  const indices = Int32Array.from({ length: count }, (_, index) => Math.floor((index * validation.count) / count));
  const values = new Float32Array(count * elementCount(sampleShape));
  await validation.read(indices, values);
  return { values, targets: selectTargets(validation.targets, indices), count };
}

/** What a network says of the samples after each of several changes of their values; undefined is none. */
export async function probe(
  network: NetworkFile,
  { values, count }: ProbeSamples,
  { samples, sampleShape }: Dataset,
  changes: readonly Adaptation['affine'][],
  asking: Pick<PredictOptions, 'signal' | 'onProgress'>,
): Promise<Float32Array[]> {
  const predictor = await openNetwork(network, { device: 'cpu', samples, sampleShape });
  const width = values.length / count;
  const changed = (affine: Adaptation['affine']): Split => {
    const all = affine ? changeValues(values, width, sampleShape, affine) : values;
    return {
      count,
      targets: { kind: 'none' },
      read: (indices, target) => {
        copyRows(all, width, indices, target);
        return Promise.resolve();
      },
    };
  };
  try {
    const outputs: Float32Array[] = [];
    for (const [index, affine] of changes.entries()) {
      const onProgress = (done: number): void => asking.onProgress?.(index * count + done, changes.length * count);
      outputs.push(await predictor.predict(changed(affine), { ...asking, onProgress }));
    }
    return outputs;
  } finally {
    await predictor.dispose();
  }
}

/** Values of many samples, of `width` numbers each, after a change of every channel. */
export function changeValues(
  values: Float32Array,
  width: number,
  [channels = 1]: readonly number[],
  { scale, offset, steps }: NonNullable<Adaptation['affine']>,
): Float32Array {
  const plane = width / channels;
  return values.map((value, index) => {
    const channel = Math.floor((index % width) / plane);
    const changed = value * (scale[channel] ?? 1) + (offset[channel] ?? 0);
    const step = steps?.[channel] ?? 0;
    return step > 0 ? Math.floor(changed * step + 0.5) / step : changed;
  });
}
