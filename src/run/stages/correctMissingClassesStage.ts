import { create } from '@bufbuild/protobuf';
import * as z from 'zod';
import type { Dataset } from '../../data/dataset.ts';
import { classesOf } from '../../data/task.ts';
import { chooseOffsets } from '../../evaluation/chooseOffsets.ts';
import { saveModel } from '../../onnx/file.ts';
import { StringStringEntryProtoSchema, type ModelProto } from '../../onnx/onnx_pb.ts';
import type { Correction } from '../../report/report.ts';
import { addToLogits } from '../../students/addToLogits.ts';
import { logitsName } from '../../students/imported/classifierEnding.ts';
import { bothClassesOf, secondClassFit } from '../../teacher/matching/bothClasses.ts';
import { asLogits, outputKind } from '../../teacher/outputKind.ts';
import { loadNetwork, openNetwork } from '../../training/engines/networkFile.ts';

const METADATA_KEY = 'distillery.corrections';

/**
 * Corrects what the classifier in a file believes of classes that its transfer set lacked: to the logits of each, the one
 * number is added with which most of the validation split is decided rightly (Hinton et al., arXiv 1503.02531, section 3).
 * The test split is not looked at. The file's metadata say what was added.
 *
 * @param excluded names of the classes
 */
export async function correctMissingClassesStage(
  file: string,
  { task, samples, sampleShape, validation }: Pick<Dataset, 'task' | 'samples' | 'sampleShape' | 'validation'>,
  excluded: readonly string[],
): Promise<void> {
  const { targets } = validation;
  if (targets.kind !== 'classes') return;
  const classes = classesOf(task);
  const network = await loadNetwork(file, { samples, sampleShape });
  const predictor = await openNetwork(network, { device: 'cpu', samples, sampleShape });
  let logits: Float32Array;
  try {
    const outputs = bothClassesOf(network, task, await predictor.predict(validation));
    logits = asLogits(task, outputs, outputKind(task, outputs));
  } finally {
    await predictor.dispose();
  }
  const corrected = excluded.map((name) => classes.indexOf(name));
  const { graph } = network.file.proto;
  const offsets = chooseOffsets(logits, targets.labels, classes.length, corrected);
  const [first = 0, second = 0, ...others] = classes.map((_, index) => offsets.get(index) ?? 0);
  const ofOneNumber = secondClassFit(network, task) !== undefined;
  const logitsAt = graph ? logitsName(graph, network.output, ofOneNumber) : network.output;
  // One number for two classes is how far the second is above the first.
  const added = Float32Array.from(ofOneNumber ? [second - first] : [first, second, ...others]);
  const model = addToLogits(network.file.proto, logitsAt, added);
  const corrections = [...offsets].map(([index, offset]): Correction => ({ class: classes[index] ?? '', offset }));
  const entry = { key: METADATA_KEY, value: JSON.stringify(corrections) };
  model.metadataProps = [
    ...model.metadataProps.filter(({ key }) => key !== METADATA_KEY),
    create(StringStringEntryProtoSchema, entry),
  ];
  await saveModel(file, model);
}

const correctionsSchema = z.array(z.object({ class: z.string(), offset: z.number() }));

/** What was added to the logits of a model; nothing when it was not corrected. */
export function correctionsOf(model: ModelProto): readonly Correction[] {
  const stored = model.metadataProps.find(({ key }) => key === METADATA_KEY);
  return stored ? correctionsSchema.parse(JSON.parse(stored.value)) : [];
}
