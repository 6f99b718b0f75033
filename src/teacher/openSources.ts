import { batchShape, openNetwork, type NetworkFile } from '../training/engines/networkFile.ts';
import { requestFor, type AskOptions } from './askTeacher.ts';
import { liveOutputs, type OutputSource } from './outputSource.ts';
import { RecordedOutputs } from './recordedOutputs.ts';

type Circumstances = Pick<AskOptions, 'dataset' | 'device' | 'cache' | 'signal'>;

/** A teacher, and the names of values inside it that are wanted. */
interface Wanted {
  readonly model: NetworkFile;
  readonly features: readonly string[];
}

/** Opens teachers that run for every batch of a training. The caller disposes of them. @param options.batchSize of the training */
export async function openLive(
  teachers: readonly Wanted[],
  { dataset, device, batchSize }: Circumstances & { readonly batchSize: number },
): Promise<readonly OutputSource[]> {
  const opened: OutputSource[] = [];
  try {
    for (const { model, features } of teachers) {
      opened.push(liveOutputs(await openNetwork(model, { ...dataset, device, batchSize, features })));
    }
  } catch (error) {
    for (const source of opened) await source.dispose();
    throw error;
  }
  return opened;
}

/**
 * A teacher whose outputs for the training split are computed in the first epoch, and kept as soon as all are there. The caller
 * disposes of it.
 *
 * @param options.batches of that epoch
 */
export function recordOutputs(
  model: NetworkFile,
  features: readonly string[],
  options: Circumstances & { readonly batches: readonly Int32Array[] },
): OutputSource {
  const { dataset, device, cache, signal, batches } = options;
  const { training, samples, sampleShape } = dataset;
  const batchSize = evenPart(batches[0]?.length ?? 1, batchShape(model, { sampleShape })[0] ?? 1);
  return new RecordedOutputs({
    split: training,
    sampleShape,
    batches,
    open: () => openNetwork(model, { device, samples, sampleShape, batchSize, features }),
    round: (outputs) => cache?.outputs.round(outputs) ?? outputs,
    onWhole: async (outputs) => {
      if (cache)
        await cache.outputs.store(await requestFor(model, 'training', features, { ...options, cache }), outputs);
    },
    signal,
  });
}

/** The size of the fewest equal parts of a batch that are no larger than `most`. */
function evenPart(batch: number, most: number): number {
  return Math.ceil(batch / Math.ceil(batch / most));
}
