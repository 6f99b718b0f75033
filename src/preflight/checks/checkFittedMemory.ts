import type { Dataset } from '../../data/dataset.ts';
import { memoryForFit } from '../../data/memory.ts';
import type { Problem } from '../../errors.ts';
import type { Experiment } from '../../experiment/schema.ts';
import { estimatorOf, fieldOf, teacherToTrain } from '../../experiment/networkToTrain.ts';
import { elementCount } from '../../onnx/tensor.ts';

/** A model that is fitted at once takes all samples at once, which rows that are read from the disk may be too many for. */
export function checkFittedMemory(experiment: Experiment, { training, sampleShape }: Dataset): readonly Problem[] {
  const size = Float32Array.BYTES_PER_ELEMENT * elementCount(sampleShape);
  const most = memoryForFit();
  if (training.count * size <= most) return [];
  const teacher = teacherToTrain(experiment);
  return (['student', 'teacher'] as const).flatMap((role) => {
    const network = role === 'student' ? experiment.student : teacher;
    const fitted = network && estimatorOf(network);
    if (!network || !fitted) return [];
    const bytes = `${((training.count * size) / 2 ** 30).toFixed(1)} GiB`;
    const message = `A ${fitted.architecture} is fitted to all samples at once, and these ${training.count} would take ${bytes} of memory.`;
    const hint = `Set dataset.limit to ${Math.floor(most / size)} or less, or choose a network, which learns from the disk.`;
    return [{ where: fieldOf(role, network), message, hint }];
  });
}
