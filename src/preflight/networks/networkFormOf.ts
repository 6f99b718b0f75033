import type { Dataset } from '../../data/dataset.ts';
import { classesOf } from '../../data/task.ts';
import type { NetworkForm, OutputForm } from '../../students/networkForm.ts';

/** What a network for a dataset takes and gives. @param outputShape dimensions of its output for one sample */
export function networkFormOf(
  { task, samples, sampleShape }: Pick<Dataset, 'task' | 'samples' | 'sampleShape'>,
  outputShape: readonly number[],
): NetworkForm {
  const classes = classesOf(task).length;
  const output: OutputForm =
    classes === 0
      ? { kind: 'values', shape: outputShape }
      : task.kind === 'token-classification'
        ? { kind: 'tokens', classes }
        : { kind: 'logits', classes, ...(task.kind === 'multi-label' && { severalLabels: true }) };
  if (samples.kind === 'values') return { samples: { kind: 'values', shape: sampleShape }, output };
  const { vocabulary, padding } = samples;
  return { samples: { kind: 'tokens', length: sampleShape[0] ?? 0, vocabulary, padding }, output };
}
