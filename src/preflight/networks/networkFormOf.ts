import type { Dataset } from '../../data/dataset.ts';
import { classesOf } from '../../data/task.ts';
import { affineBetween, teacherStatistics } from '../../teacher/matching/normalizations.ts';
import { inputsInOwnUnits } from '../../teacher/matching/ownUnits.ts';
import type { OwnNumbers } from '../../onnx/ownNumbers.ts';
import type { NetworkForm, OutputForm } from '../../students/networkForm.ts';

/** What a network for a dataset takes and gives. @param outputShape dimensions of its output for one sample */
export function networkFormOf(
  dataset: Pick<Dataset, 'task' | 'samples' | 'sampleShape' | 'preparation'>,
  outputShape: readonly number[],
): NetworkForm {
  const { task, samples, sampleShape } = dataset;
  const classes = classesOf(task).length;
  const output: OutputForm =
    classes === 0
      ? { kind: 'values', shape: outputShape }
      : task.kind === 'token-classification'
        ? { kind: 'tokens', classes }
        : { kind: 'logits', classes, ...(task.kind === 'multi-label' && { severalLabels: true }) };
  if (samples.kind === 'values') {
    const { parts } = samples;
    const own = ownNumbersOf(dataset);
    return { samples: { kind: 'values', shape: sampleShape, own, ...(parts && { parts }) }, output };
  }
  const { vocabulary, padding } = samples;
  return { samples: { kind: 'tokens', length: sampleShape[0] ?? 0, vocabulary, padding }, output };
}

/** What turns samples into the data's own numbers: pixels into bytes, the values of tables and arrays into what is stored. */
export function ownNumbersOf(dataset: Pick<Dataset, 'preparation' | 'samples' | 'sampleShape'>): OwnNumbers {
  const { preparation, sampleShape } = dataset;
  const affine =
    preparation.kind === 'pixels'
      ? affineBetween(preparation.normalization, teacherStatistics('bytes'), sampleShape[0] ?? 1)
      : inputsInOwnUnits(dataset);
  return affine ?? { scale: [1], offset: [0] };
}
