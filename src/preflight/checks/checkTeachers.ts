import type { Dataset } from '../../data/dataset.ts';
import { classesOf } from '../../data/task.ts';
import type { Problem } from '../../errors.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { NetworkFile } from '../../training/engines/networkFile.ts';
import { sampleInput } from '../../training/networkInputs.ts';
import { acceptsShape } from './acceptsShape.ts';

/**
 * What keeps a teacher from being asked about a dataset.
 * @param outputShape what it must give for one sample
 */
export function checkTeacher(
  teacher: NetworkFile,
  dataset: Dataset,
  outputShape: readonly number[],
  where: string,
): Problem[] {
  return [...inputProblems(teacher, dataset, where), ...outputProblems(teacher, dataset, outputShape, where)];
}

function inputProblems(teacher: NetworkFile, { samples, sampleShape }: Dataset, where: string): Problem[] {
  const takes = sampleInput(teacher.inputs);
  if (samples.kind === 'values' && takes.role === 'tokens') {
    const message = `The teacher reads texts ('${takes.name}' is ${takes.type}), but the dataset has numbers.`;
    return [{ where, message, hint: 'Choose a dataset of texts, or another teacher.' }];
  }
  const flattened = samples.kind === 'values' && acceptsShape(teacher.sampleShape, [elementCount(sampleShape)]);
  if (flattened || acceptsShape(teacher.sampleShape, sampleShape)) return [];
  return [
    {
      where,
      message:
        `The teacher takes samples of shape [${teacher.sampleShape.join(', ')}], but those of the dataset have ` +
        `shape [${sampleShape.join(', ')}].`,
      hint: hintOfSamples(teacher, sampleShape),
    },
  ];
}

/** Texts that only differ in length are cut or filled to what the teacher takes. */
function hintOfSamples(
  { sampleShape: [length, ...others], inputs }: NetworkFile,
  sampleShape: readonly number[],
): string {
  const areTokens = inputs.every(({ type }) => type === 'int64' || type === 'int32');
  if (areTokens && others.length === 0 && sampleShape.length === 1 && typeof length === 'number') {
    return `Set "length": ${length} in \`dataset\`.`;
  }
  return 'Choose the dataset that the teacher was trained on, or a teacher for this dataset.';
}

function outputProblems(
  { output, outputShape: found }: NetworkFile,
  { task }: Dataset,
  outputShape: readonly number[],
  where: string,
): Problem[] {
  if (acceptsShape(found, outputShape)) return [];
  const classes = classesOf(task);
  if (task.kind === 'classification' && found.length === 1) {
    return [
      {
        where,
        message: `The teacher's output '${output}' has ${found.join()} classes, but the dataset has ${classes.length} (${someOf(classes)}).`,
        hint: 'Teacher and dataset must have the same classes in the same order. Where it has several outputs, `output` names the right one.',
      },
    ];
  }
  if (task.kind === 'classification' && found.length === 0) {
    return [
      {
        where,
        message: `The teacher's output '${output}' has one number for each sample, such as the class that it decides for, but a number for each of the ${classes.length} classes is needed.`,
        hint: 'Export the teacher without the ArgMax at its end, or name the output with its logits or probabilities (`output`).',
      },
    ];
  }
  return [
    {
      where,
      message:
        `The teacher's output '${output}' has shape [batch, ${found.join(', ')}], but the dataset needs ` +
        `[batch, ${outputShape.join(', ')}].`,
      hint: 'Name another output with `output`, or choose another teacher.',
    },
  ];
}

function someOf(classes: readonly string[]): string {
  const some = classes.slice(0, 5).join(', ');
  return classes.length > 5 ? `${some}, …` : some;
}
