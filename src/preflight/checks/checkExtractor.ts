import type { Dataset } from '../../data/dataset.ts';
import { DistilleryError, type Problem } from '../../errors.ts';
import { elementCount, type Shape } from '../../onnx/tensor.ts';
import type { Front } from '../../students/extractor/cutNetwork.ts';
import { networkInputs, sampleInput, takenShape, type NetworkInput } from '../../training/networkInputs.ts';
import { acceptsShape } from './acceptsShape.ts';

/**
 * What keeps the front of a model from extracting features of a dataset's samples.
 * @param where field of the experiment that named the model
 */
export function checkExtractor(
  { graph }: Front,
  { task, samples, sampleShape }: Pick<Dataset, 'task' | 'samples' | 'sampleShape'>,
  where: string,
): Problem[] {
  if (task.kind === 'reconstruction') {
    return [{ where, message: 'A head on an extractor sees features and cannot make the samples again.' }];
  }
  let inputs: readonly NetworkInput[];
  try {
    inputs = networkInputs(graph.inputs, samples);
  } catch (error) {
    if (!(error instanceof DistilleryError) || error.code === 'INTERNAL') throw error;
    return [{ where, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) }];
  }
  const takes = sampleInput(inputs);
  if ((takes.role === 'tokens') !== (samples.kind === 'tokens')) {
    const [reads, has] = takes.role === 'tokens' ? ['texts', 'numbers'] : ['numbers', 'texts'];
    return [{ where, message: `The extractor reads ${reads}, but the dataset has ${has}.` }];
  }
  const shape = takenShape(inputs);
  const flattened = samples.kind === 'values' && acceptsShape(shape, [elementCount(sampleShape)]);
  if (flattened || acceptsShape(shape, sampleShape)) return [];
  return [
    {
      where,
      message:
        `The extractor takes samples of shape [${shape.join(', ')}], but those of the dataset have shape ` +
        `[${sampleShape.join(', ')}].`,
      hint: hintFor(shape, sampleShape),
    },
  ];
}

function hintFor(wanted: Shape, [channels]: readonly number[]): string {
  const [, height, width] = wanted;
  return wanted.length === 3 && wanted[0] === channels && typeof height === 'number' && typeof width === 'number'
    ? `Bring the images to this size: "resize": [${height}, ${width}] in the dataset.`
    : 'Choose an extractor for samples of this shape.';
}
