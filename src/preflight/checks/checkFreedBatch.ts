import type { Dataset } from '../../data/dataset.ts';
import { selectSamples } from '../../data/samples/selectSamples.ts';
import { DistilleryError, type Problem } from '../../errors.ts';
import { fieldOf } from '../../experiment/networkToTrain.ts';
import type { ModelFile } from '../../onnx/file.ts';
import { inferenceForm } from '../../onnx/importing/inferenceForm.ts';
import { dequantize } from '../../students/imported/dequantize.ts';
import { fixedBatch } from '../../students/imported/freeBatch.ts';
import { openNetwork, readNetwork, type NetworkFile } from '../../training/engines/networkFile.ts';
import { largestDifference } from '../../training/engines/verifyExport.ts';
import { buildInitialNetwork } from '../networks/buildInitialNetwork.ts';
import { networkFormOf } from '../networks/networkFormOf.ts';
import type { Prepared } from '../prepared.ts';

const RANDOM = /^(?:Random|Bernoulli|Multinomial)/;
/** Samples that are given one by one and together. */
const SAMPLES = 3;
/** Differences of single precision, as a share of the largest output. */
const FLOAT_ERROR = 1e-3;

/**
 * What keeps a student from being trained whose file insists on a batch: freed, it gives samples that lie side by side something else than the
 * file gives each of them. A file that is asked otherwise than the student (images turned, whole numbers) is not compared.
 */
export async function checkFreedBatch({
  experiment,
  dataset,
  studentModel,
  outputShape,
}: Prepared): Promise<Problem[]> {
  const { student } = experiment;
  const { validation, samples, sampleShape } = dataset;
  if (!('model' in student) || !studentModel || fixedBatch(studentModel.proto) === undefined) return [];
  // Where numbers are drawn, no two answers are alike.
  if (studentModel.proto.graph?.node.some(({ opType }) => RANDOM.test(opType)) === true) return [];
  const form = networkFormOf(dataset, outputShape);
  // What else is done to a file that is trained is as it is meant.
  const alone = { ...studentModel, proto: inferenceForm(dequantize(studentModel.proto).model) };
  const { source } = buildInitialNetwork(student, { form, role: 'student', seed: 0, model: studentModel.proto });
  const few = selectSamples(
    validation,
    Int32Array.from({ length: Math.min(SAMPLES, validation.count) }, (_, at) => at),
  );
  const outputsOf = async (network: NetworkFile): Promise<Float32Array> => {
    const predictor = await openNetwork(network, { device: 'cpu', samples, sampleShape, batchSize: few.count });
    try {
      return await predictor.predict(few);
    } finally {
      await predictor.dispose();
    }
  };
  const asked = source && few.count > 1 ? bothNetworks(alone, { ...studentModel, proto: source }, dataset) : undefined;
  if (!asked) return [];
  const difference = largestDifference(await outputsOf(asked.stored), await outputsOf(asked.freed));
  if (difference <= FLOAT_ERROR) return [];
  return [
    {
      where: fieldOf('student', student),
      message: `The model takes batches of ${fixedBatch(studentModel.proto) ?? 1} only, and with a free batch it gives something else (by ${difference.toPrecision(2)} of the largest output).`,
      hint: 'Export it with a batch dimension that is free (torch.onnx.export: dynamic_axes or dynamic_shapes).',
    },
  ];
}

/** Both networks with the output that is trained; undefined where the file takes other samples than the dataset has. */
function bothNetworks(
  stored: ModelFile,
  freed: ModelFile,
  { sampleShape, samples }: Pick<Dataset, 'sampleShape' | 'samples'>,
): { readonly stored: NetworkFile; readonly freed: NetworkFile } | undefined {
  const output = freed.proto.graph?.output[0]?.name;
  const isText = samples.kind === 'tokens';
  const options = { sampleShape, ...(output !== undefined && { output }) };
  try {
    const [one, other] = [readNetwork(stored, options), readNetwork(freed, options)];
    const takesFloats = one.graph.inputs.every(
      ({ type, name }) => type === 'float32' && other.graph.find(name)?.type === type,
    );
    const isAlike = (takesFloats || isText) && one.sampleShape.join() === other.sampleShape.join();
    return isAlike ? { stored: { ...one, isAdapted: true }, freed: { ...other, isAdapted: true } } : undefined;
  } catch (error) {
    if (error instanceof DistilleryError && error.code !== 'INTERNAL') return undefined;
    throw error;
  }
}
