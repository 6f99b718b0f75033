import type { Dataset } from '../../data/dataset.ts';
import { outputShapeOf } from '../../data/task.ts';
import { DistilleryError } from '../../errors.ts';
import type { ModelFile } from '../../onnx/file.ts';
import { inferenceForm, TRAINING_FORM_NOTE } from '../../onnx/importing/inferenceForm.ts';
import { markedColumns, takesMissing } from '../../teacher/foreign/missingNumbers.ts';
import { readForeign, type ForeignNetwork } from '../../teacher/foreign/readForeign.ts';
import { describeFit, fitInput, type InputFit } from '../../teacher/matching/fitInput.ts';
import { takeFloats } from '../../teacher/matching/takeFloats.ts';
import { otherNumbersOf, type OtherNumbers } from '../../onnx/otherNumbers.ts';
import { acceptsShape } from '../checks/acceptsShape.ts';
import { describeParts } from '../../training/networkInputs.ts';
import { declaredShape, readNetwork, type NetworkFile } from '../../training/engines/networkFile.ts';

/** A teacher's file that was understood, with float32 for its samples, before anything else is done to it. */
export interface ReadTeacher {
  readonly base: NetworkFile;
  /** How images are turned for it. */
  readonly input: InputFit | undefined;
  /** What it takes instead of float32. */
  readonly numbers: OtherNumbers | undefined;
  /** True when it gets the columns of a table in their own units already. */
  readonly isInOwnUnits: boolean;
  /** What was found out. */
  readonly notes: readonly string[];
}

/**
 * Reads a teacher for a dataset.
 *
 * @param output name of the output that is wanted; by default the first that is of numbers
 * @throws DistilleryError when the file's inputs are not understood
 */
export async function readTeacher(
  file: ModelFile,
  { output, where }: { readonly output: string | undefined; readonly where: string },
  dataset: Dataset,
): Promise<ReadTeacher> {
  const { sampleShape, samples } = dataset;
  const numbers = samples.kind === 'values' ? otherNumbersOf(file, sampleShape) : undefined;
  const proto = inferenceForm(file.proto);
  const resting = proto === file.proto ? file : { ...file, proto, isChanged: true };
  const taking = numbers ? takeFloats(resting, numbers) : resting;
  const declared = samples.kind === 'values' ? onlyInputShape(taking) : undefined;
  const input = declared && fitInput(declared, sampleShape);
  const notes = [
    ...(proto === file.proto ? [] : [TRAINING_FORM_NOTE.replace('The model', 'The teacher')]),
    ...(file.isWidened === true
      ? ["The teacher's numbers of half precision (float16) are computed with as float32."]
      : []),
    ...(input ? [`The teacher's images: ${describeFit(input)}.`] : []),
    ...(numbers
      ? [`The teacher takes numbers of type ${numbers.type}${numbers.isWhole ? ': they are rounded' : ''}.`]
      : []),
  ];
  const options = { sampleShape: input?.native ?? sampleShape, ...(output !== undefined && { output }) };
  try {
    // Trees that are understood as any network is, and know of missing numbers, are asked all the same.
    const isTold = takesMissing(proto) && markedColumns(dataset.preparation).length > 0;
    if (isTold) throw new DistilleryError('UNSUPPORTED', 'The teacher is to get missing numbers as such.');
    const named = isNamedAlike(taking, dataset) ? readInParts(taking, options, dataset) : undefined;
    if (named) return { base: named.base, input, numbers, isInOwnUnits: false, notes: [...notes, ...named.notes] };
    const base = readNetwork(taking, options);
    const other = output === undefined ? otherOutput(base, dataset) : undefined;
    if (other === undefined) return { base, input, numbers, isInOwnUnits: false, notes };
    const told = `The teacher's output '${other}' is imitated, which is the only one of the right shape; \`output\` names another.`;
    return {
      base: readNetwork(taking, { ...options, output: other }),
      input,
      numbers,
      isInOwnUnits: false,
      notes: [...notes, told],
    };
  } catch (error) {
    const mayBeAsked = error instanceof DistilleryError && (error.code === 'UNSUPPORTED' || error.code === 'BAD_FILE');
    if (samples.kind !== 'values' || !mayBeAsked) throw error;
    const inParts = (): ReadTeacher | undefined => {
      const read = readInParts(taking, options, dataset);
      return read && { base: read.base, input, numbers, isInOwnUnits: false, notes: [...notes, ...read.notes] };
    };
    // Columns of a table are given in their own units, if their names say which; arrays have no others.
    const early = dataset.preparation.kind === 'table' ? undefined : inParts();
    if (early) return early;
    let foreign: ForeignNetwork;
    try {
      foreign = await readForeign(taking, output, dataset, where);
    } catch (other) {
      const late = inParts();
      if (late) return late;
      // Where ONNX Runtime refuses the model, too, the first reason says more, unless it is that only ONNX Runtime may know what the model
      // needs, which it then does not.
      const isRefused = other instanceof DistilleryError && other.code === 'BAD_FILE';
      const isForOnnxRuntime = /as a teacher/i.test(error.hint ?? '') || (isRefused && /locale/i.test(other.message));
      throw isRefused && !isForOnnxRuntime ? error : other;
    }
    const { network: base, isInOwnUnits } = foreign;
    return { base, input, numbers, isInOwnUnits, notes: [...notes, ...foreign.notes] };
  }
}

/** A teacher whose several inputs take parts of the samples; undefined where it has one, or none fits. */
function readInParts(
  file: ModelFile,
  options: { readonly sampleShape: readonly number[]; readonly output?: string },
  { samples }: Dataset,
): { readonly base: NetworkFile; readonly notes: readonly string[] } | undefined {
  try {
    const base = readNetwork(file, { ...options, samples });
    const told = describeParts(base.inputs, 'The teacher');
    return told === undefined ? undefined : { base, notes: [told] };
  } catch (error) {
    if (error instanceof DistilleryError && error.code !== 'INTERNAL') return undefined;
    throw error;
  }
}

/** Whether arrays of the samples are called as all of several inputs are, ids of tokens and their mask among them. */
function isNamedAlike({ proto }: ModelFile, { samples, preparation }: Dataset): boolean {
  const parts = samples.kind === 'values' && preparation.kind === 'arrays' ? samples.parts : undefined;
  const stored = new Set(proto.graph?.initializer.map(({ name }) => name));
  const inputs = (proto.graph?.input ?? []).filter(({ name }) => !stored.has(name));
  return inputs.length > 1 && inputs.every(({ name }) => parts?.some((part) => part.name === name) === true);
}

/** Dimensions of one sample as the file declares its one input; undefined for several, or none. */
function onlyInputShape({ proto }: ModelFile) {
  const stored = new Set(proto.graph?.initializer.map(({ name }) => name));
  const [first, ...others] = (proto.graph?.input ?? []).filter(({ name }) => !stored.has(name));
  return first && others.length === 0 ? declaredShape(proto, first.name)?.slice(1) : undefined;
}

/** Where the first output does not fit the dataset: the name of the only one that does. */
function otherOutput({ graph, outputShape }: NetworkFile, { task, sampleShape }: Dataset): string | undefined {
  const wanted = outputShapeOf(task, sampleShape);
  if (!wanted || graph.outputs.length < 2 || acceptsShape(outputShape, wanted)) return undefined;
  const [only, ...others] = graph.outputs.filter(
    ({ type, shape }) => type === 'float32' && shape.length > 1 && acceptsShape(shape.slice(1), wanted),
  );
  return others.length === 0 ? only?.name : undefined;
}
