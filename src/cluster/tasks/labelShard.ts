import { selectSamples } from '../../data/samples/selectSamples.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import { precisionOf } from '../../experiment/precisionOf.ts';
import { chooseDevice } from '../../training/engines/devices/chooseDevice.ts';
import { openNetwork } from '../../training/engines/networkFile.ts';
import type { Submission } from '../submission.ts';
import type { TaskEnd, TaskOptions } from './task.ts';
import { hasPart, prepareLabelling, rowsOfShard, writePart, type Labelling, type SharedFile } from './teacherParts.ts';

/** Asks the teachers about the samples that are this task's, and leaves what they say for `gatherOutputs`. */
export async function labelShard(submission: Submission, options: TaskOptions): Promise<TaskEnd> {
  const { folder, index, signal, tell } = options;
  const labelling = await prepareLabelling(submission, signal);
  try {
    const { experiment } = labelling.prepared;
    const { device } = await chooseDevice(experiment.device, { precision: precisionOf(experiment) });
    for (const file of labelling.files) {
      if (hasPart(folder, file.number, index)) continue;
      const outputs = await askAbout(labelling, file, { index, shards: submission.labelShards, device, signal });
      await writePart(folder, file.number, index, { device, outputs });
      tell(
        `Part ${index + 1} of ${submission.labelShards} of ${file.split} outputs of '${file.model.file.path}' is there.`,
      );
    }
    return signal.aborted ? 'stopped' : 'finished';
  } finally {
    await labelling.prepared.dataset.dispose();
  }
}

async function askAbout(
  { dataset }: Labelling,
  { model, split, features, batch }: SharedFile,
  {
    index,
    shards,
    device,
    signal,
  }: {
    readonly index: number;
    readonly shards: number;
    readonly device: Awaited<ReturnType<typeof chooseDevice>>['device'];
    readonly signal: AbortSignal;
  },
) {
  const { start, end } = rowsOfShard(dataset[split].count, batch, { index, shards });
  const count = end - start;
  if (count === 0) return new Map<string, never>();
  const { samples, sampleShape } = dataset;
  const predictor = await openNetwork(model, { device, samples, sampleShape, features });
  try {
    const indices = Int32Array.from({ length: count }, (_, row) => start + row);
    const outputs = await predictor.predictAll(selectSamples(dataset[split], indices), { signal });
    return new Map(
      [...outputs].map(([name, values]) => [name, floatTensor(values, [count, values.length / count])] as const),
    );
  } finally {
    await predictor.dispose();
  }
}
