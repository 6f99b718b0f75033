import type { Dataset } from '../../data/dataset.ts';
import type { Problem } from '../../errors.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import { wholeNumbersType } from '../../onnx/ownNumbers.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { changeValues } from '../../teacher/matching/probe.ts';
import { areWhole } from '../../teacher/matching/takeFloats.ts';
import { ownNumbersOf } from '../networks/networkFormOf.ts';

/** Samples that are looked at. */
const MOST = 256;

/**
 * What keeps a network that takes whole numbers from being trained on a dataset: fractions. Pixels are bytes, or rounded to them.
 *
 * @param where the field that names it
 */
export async function checkWholeNumbers(model: ModelProto, dataset: Dataset, where: string): Promise<Problem[]> {
  const { training, sampleShape, samples, preparation } = dataset;
  const type =
    samples.kind === 'values' && preparation.kind !== 'pixels' ? wholeNumbersType(model, sampleShape) : undefined;
  if (!type) return [];
  const count = Math.min(MOST, training.count);
  const size = elementCount(sampleShape);
  const values = new Float32Array(count * size);
  await training.read(
    Int32Array.from({ length: count }, (_, index) => index),
    values,
  );
  if (areWhole(changeValues(values, size, sampleShape, ownNumbersOf(dataset)))) return [];
  return [
    {
      where,
      message: `The model takes whole numbers (${type}), but the samples of the dataset have fractions.`,
      hint: 'Choose a dataset of whole numbers, or export the model with an input of float32.',
    },
  ];
}
