import type { Dataset } from '../../../data/dataset.ts';
import { randomStream } from '../../../data/random.ts';
import { DistilleryError } from '../../../errors.ts';
import type { ModelProto } from '../../../onnx/onnx_pb.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import type { Range } from '../../../quantization/staticInt8.ts';
import { openNetwork, type NetworkFile } from '../../../training/engines/networkFile.ts';
import { readPieces } from '../../../training/sampleParts.ts';

/** Samples that go through the network at once. */
const BATCH = 32;

/**
 * Between which numbers values inside a network lie, on training samples drawn at random.
 *
 * @param proto the network's model, or one that computes the same and has these values
 * @param names of the values; the network's input may be among them
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function observeRanges(
  network: NetworkFile,
  proto: ModelProto,
  names: readonly string[],
  { dataset, samples, seed, signal }: ObserveOptions,
): Promise<ReadonlyMap<string, Range>> {
  const { training, sampleShape } = dataset;
  const inputs = network.inputs.filter(({ name }) => names.includes(name));
  const features = names.filter((name) => inputs.every((input) => input.name !== name));
  const batchSize = network.fixedBatch ?? BATCH;
  const predictor = await openNetwork(
    { ...network, file: { ...network.file, proto } },
    { device: 'cpu', samples: dataset.samples, sampleShape, batchSize, features },
  );
  const ranges = new Map<string, Range>();
  const widen = (name: string, values: Float32Array): void => {
    let { low, high } = ranges.get(name) ?? { low: Infinity, high: -Infinity };
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    ranges.set(name, { low, high });
  };
  try {
    const random = randomStream(seed, 'calibration samples');
    const buffer = new Float32Array(batchSize * elementCount(sampleShape));
    for (let done = 0; done < samples; done += batchSize) {
      if (signal.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
      await training.read(
        Int32Array.from({ length: batchSize }, () => random.integer(training.count)),
        buffer,
      );
      for (const { name, taken } of inputs) widen(name, taken ? readPieces(buffer, taken, taken.of) : buffer);
      // The predictor says what the network puts out, too, which is not always wanted.
      for (const [name, values] of await predictor.run(buffer)) if (names.includes(name)) widen(name, values);
    }
  } finally {
    await predictor.dispose();
  }
  return ranges;
}

export interface ObserveOptions {
  readonly dataset: Pick<Dataset, 'training' | 'samples' | 'sampleShape'>;
  /** How many are looked at, at least. */
  readonly samples: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}
