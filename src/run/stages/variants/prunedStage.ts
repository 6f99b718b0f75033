import { saveModel } from '../../../onnx/file.ts';
import { modelOf } from '../../../students/initialNetwork.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import type { Run } from '../../run.ts';
import type { EvaluatedNetwork } from '../../../evaluation/evaluateNetwork.ts';
import { evaluateVariant, type EvaluatedVariant } from '../../measures/evaluateVariant.ts';
import { provenanceMetadata } from '../../../runFolder/provenance.ts';
import { dataFormMetadata } from '../../../data/storedDataForm.ts';
import { buildInitialStudent } from '../studentStage.ts';

/**
 * Where the student is its teacher with fewer channels, writes it as pruning left it, before anything was distilled into it, and
 * runs it over the test split: what distilling gives back is the difference.
 *
 * @param evaluated student and teacher
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function prunedStage(
  run: Run,
  teachers: Teachers | undefined,
  evaluated: readonly EvaluatedNetwork[],
): Promise<readonly EvaluatedVariant[]> {
  const { experiment, prepared, folder } = run;
  if (!('shrink' in experiment.student)) return [];
  const { dataset } = prepared;
  const metadata = { ...(await provenanceMetadata(run, { dataset, teachers })), ...dataFormMetadata(dataset) };
  const { opset } = experiment.export;
  const pruned = modelOf(buildInitialStudent(run, teachers), new Map(), { name: 'student', metadata, opset });
  await saveModel(folder.file('pruned'), pruned);
  return [{ ...(await evaluateVariant('pruned', run, evaluated)), weights: null, keptOn: null, refusal: null }];
}
