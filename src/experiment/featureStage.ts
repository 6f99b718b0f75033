import type { Dataset, Split } from '../data/dataset.ts';
import { FloatSamples } from '../data/floatSamples.ts';
import type { DeviceName } from '../protocol/events.ts';
import type { InitialNetwork } from '../students/initialNetwork.ts';
import { openForward } from '../training/engines/networkFile.ts';
import type { Run } from './distill.ts';

/** What a network is trained on: a dataset without its test split, or the features of its samples in their place. */
export type TrainingMaterial = Pick<Dataset, 'task' | 'samples' | 'sampleShape' | 'training' | 'validation'>;

/**
 * What a network is trained on. For a head on a frozen extractor these are the features of all samples, computed now, once,
 * and kept in memory in the order of the splits; for any other network the dataset itself.
 *
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function featureStage(
  { signal, onEvent }: Pick<Run, 'signal' | 'onEvent'>,
  device: DeviceName,
  { front }: InitialNetwork,
  dataset: TrainingMaterial,
): Promise<TrainingMaterial> {
  if (!front) return dataset;
  const { task, samples, sampleShape, training, validation } = dataset;
  const size = front.featureShape.join(' × ');
  onEvent({
    kind: 'phase',
    phase: 'dataset',
    message: `Computes the features of all samples at '${front.cut}' of the extractor (${size} each)`,
  });
  const total = training.count + validation.count;
  const predictor = await openForward(front.graph, { device, samples, sampleShape });
  const extract = async (split: Split, before: number): Promise<FloatSamples> => {
    const features = await predictor.predict(split, {
      signal,
      onProgress: (done) => {
        onEvent({ kind: 'progress', phase: 'dataset', done: before + done, total });
      },
    });
    return new FloatSamples(features, split.targets, split.count);
  };
  try {
    return {
      task,
      samples: { kind: 'values' },
      sampleShape: front.featureShape,
      training: await extract(training, 0),
      validation: await extract(validation, training.count),
    };
  } finally {
    await predictor.dispose();
  }
}
