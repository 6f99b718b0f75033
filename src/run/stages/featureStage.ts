import type { Dataset } from '../../data/dataset.ts';
import type { Split } from '../../data/samples/split.ts';
import { FloatSamples } from '../../data/samples/floatSamples.ts';
import type { ModelFile } from '../../onnx/file.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { formatBytes } from '../../report/format.ts';
import type { Front } from '../../students/extractor/cutNetwork.ts';
import type { InitialNetwork } from '../../students/initialNetwork.ts';
import { digestOnce } from '../../teacher/cache/digestOnce.ts';
import { FiledSamples } from '../../teacher/filedSamples.ts';
import { fileOutputs } from '../../teacher/fileOutputs.ts';
import { openForward } from '../../training/engines/networkFile.ts';
import type { Predictor } from '../../training/engines/predictor.ts';
import type { Run } from '../run.ts';
import { cacheFolderOf, openOutputCache } from '../../preflight/teacherOutputs/cacheOfRun.ts';
import { outputLimits } from '../../preflight/teacherOutputs/outputLimits.ts';

/** What a network is trained on: a dataset without its test split, or the features of its samples in their place. */
export type TrainingMaterial = Pick<Dataset, 'task' | 'samples' | 'sampleShape' | 'training' | 'validation'>;

/** What a network is trained on. Whoever asks for it disposes of it; the dataset stays. */
export interface OwnedMaterial {
  readonly material: TrainingMaterial;
  dispose(): Promise<void>;
}

/** The network whose features are wanted. */
interface Extractor {
  readonly front: Front;
  readonly device: DeviceName;
}

type FeatureRun = Pick<Run, 'experiment' | 'baseDirectory' | 'cacheFolder' | 'memory' | 'signal' | 'onEvent'>;

/**
 * What a network is trained on. For a head on a frozen extractor these are the features of all samples, computed now, once, in the
 * order of the splits: in memory, or in files of the cache where memory has no room for them; for any other network the dataset
 * itself.
 *
 * @param file that the network starts from, by which its features are known in the cache
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function featureStage(
  run: FeatureRun,
  device: DeviceName,
  { network: { front }, file }: { readonly network: InitialNetwork; readonly file: ModelFile | undefined },
  dataset: TrainingMaterial,
): Promise<OwnedMaterial> {
  if (!front) return { material: dataset, dispose: () => Promise.resolve() };
  const { training, validation } = dataset;
  const folder = cacheFolderOf(run);
  const room = await outputLimits(folder, run.memory);
  const bytes = (training.count + validation.count) * elementCount(front.featureShape) * 4;
  const filed =
    bytes > room.memory && bytes <= room.disk && folder !== undefined && file ? { folder, file } : undefined;
  const size = `${front.featureShape.join(' × ')} each`;
  const place = filed ? `, ${formatBytes(bytes)} on the disk, from where they are read as they are needed` : '';
  run.onEvent({
    kind: 'phase',
    phase: 'dataset',
    message: `Computes the features of all samples at '${front.cut}' of the extractor (${size}${place})`,
  });
  const extractor = { front, device };
  const { splits, dispose } = filed
    ? await fileFeatures(run, filed, extractor, dataset)
    : { splits: await holdFeatures(run, extractor, dataset), dispose: () => Promise.resolve() };
  const { task } = dataset;
  return { material: { task, samples: { kind: 'values' }, sampleShape: front.featureShape, ...splits }, dispose };
}

type Splits = Pick<TrainingMaterial, 'training' | 'validation'>;

async function holdFeatures(run: FeatureRun, extractor: Extractor, dataset: TrainingMaterial): Promise<Splits> {
  const predictor = await openExtractor(extractor, dataset);
  const extract = async (name: keyof Splits): Promise<Split> => {
    const split = dataset[name];
    const onProgress = progressOf(run, dataset, name);
    return new FloatSamples(
      await predictor.predict(split, { signal: run.signal, onProgress }),
      split.targets,
      split.count,
    );
  };
  try {
    return { training: await extract('training'), validation: await extract('validation') };
  } finally {
    await predictor.dispose();
  }
}

async function fileFeatures(
  run: FeatureRun,
  { folder, file }: { readonly folder: string; readonly file: ModelFile },
  extractor: Extractor,
  dataset: TrainingMaterial,
): Promise<{ readonly splits: Splits; readonly dispose: () => Promise<void> }> {
  const { experiment, signal } = run;
  const { front, device } = extractor;
  const table = `extractor/${front.cut}`;
  const cache = openOutputCache(run, folder, 'features of the extractor');
  const opened: { dispose(): Promise<void> }[] = [];
  const dispose = async (): Promise<void> => {
    for (const each of opened) await each.dispose();
  };
  const extract = async (name: keyof Splits): Promise<Split> => {
    const split = dataset[name];
    const outputs = await fileOutputs({
      cache,
      request: {
        teacher: file,
        outputs: [table],
        // The student is to be the same as with features in memory.
        exact: [table],
        device,
        samples: await digestOnce(split, dataset.sampleShape, signal),
        dataset: experiment.dataset.path,
        split: name,
        count: split.count,
      },
      split,
      open: () => openExtractor(extractor, dataset),
      keep: (said) => new Map([...said.values()].slice(0, 1).map((values) => [table, values])),
      signal,
      onProgress: progressOf(run, dataset, name),
    });
    opened.push(outputs);
    return new FiledSamples(outputs, table, split.targets, split.count);
  };
  try {
    return { splits: { training: await extract('training'), validation: await extract('validation') }, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function openExtractor({ front, device }: Extractor, { samples, sampleShape }: TrainingMaterial): Promise<Predictor> {
  return openForward(front.graph, { device, samples, sampleShape });
}

function progressOf(
  { onEvent }: FeatureRun,
  { training, validation }: TrainingMaterial,
  name: keyof Splits,
): (done: number) => void {
  const before = name === 'training' ? 0 : training.count;
  return (done) => {
    onEvent({ kind: 'progress', phase: 'dataset', done: before + done, total: training.count + validation.count });
  };
}
