import { selectSamples } from '../../data/samples/selectSamples.ts';
import type { Problem } from '../../errors.ts';
import { fieldOf } from '../../experiment/networkToTrain.ts';
import { modelOf } from '../../students/initialNetwork.ts';
import { openNetwork, readNetwork } from '../../training/engines/networkFile.ts';
import { buildInitialNetwork } from '../networks/buildInitialNetwork.ts';
import { networkFormOf } from '../networks/networkFormOf.ts';
import { problemsOf } from '../problemsOf.ts';
import type { Prepared } from '../prepared.ts';

/** Samples that the file is asked about. */
const SAMPLES = 2;
/** Larger files are not opened once more, in bytes. */
const LARGEST = 2 ** 28;

/**
 * What keeps the file that would be written of a student from a file from being run: a training computes in operators of Distillery's own
 * choice, and the file keeps those that it has, of which ONNX Runtime may lack a form.
 */
export async function checkWrittenFile({
  experiment,
  dataset,
  studentModel,
  outputShape,
}: Prepared): Promise<readonly Problem[]> {
  const { student } = experiment;
  const { validation, samples, sampleShape } = dataset;
  if (!('model' in student) || !studentModel || studentModel.bytes > LARGEST || validation.count === 0) return [];
  const where = fieldOf('student', student);
  try {
    const form = networkFormOf(dataset, outputShape);
    const built = buildInitialNetwork(student, { form, role: 'student', seed: 0, model: studentModel.proto });
    const proto = modelOf(built, new Map(), { name: 'student', metadata: {} });
    const written = readNetwork({ ...studentModel, proto, isChanged: true }, { sampleShape, samples });
    const count = Math.min(SAMPLES, validation.count);
    const predictor = await openNetwork(written, { device: 'cpu', samples, sampleShape, batchSize: count });
    try {
      await predictor.predict(
        selectSamples(
          validation,
          Int32Array.from({ length: count }, (_, at) => at),
        ),
      );
    } finally {
      await predictor.dispose();
    }
    return [];
  } catch (error) {
    return problemsOf(where, error).map(({ message, ...problem }) => ({
      ...problem,
      message: `What would be written of the student cannot be run. ${message}`,
      hint: 'Export the model without what ONNX Runtime refuses, or put a new head on it (`extractor` in place of `model`).',
    }));
  }
}
