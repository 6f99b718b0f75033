import type { ChannelImportance } from '../../students/shrink/chooseChannels.ts';
import { layersToPrune } from '../../students/shrink/layersToPrune.ts';
import type { Teachers } from '../../teacher/teach.ts';
import { taylorImportance } from '../../training/taylorImportance.ts';
import { labelsAlone } from '../../objectives/chooseObjective.ts';
import type { Run } from '../run.ts';
import { spreadSamples } from '../../data/samples/spreadSamples.ts';
import { trainingTaskOf } from '../../preflight/networks/trainingTaskOf.ts';
import { networkFormOf } from '../../preflight/networks/networkFormOf.ts';
import { readTeacherToShrink } from '../../preflight/networks/readTeacherToShrink.ts';

/** Training samples on which channels are judged. */
const SAMPLES = 512;

/**
 * Where the student is its teacher with the channels that matter most to the loss, finds out how much each of them matters on training
 * samples. The same run finds the same, so that every student of it begins alike.
 *
 * @returns undefined for any other student
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function importanceStage(
  run: Run,
  teachers: Teachers | undefined,
): Promise<ChannelImportance | undefined> {
  const { student } = run.experiment;
  const [teacher] = teachers?.members ?? [];
  if (!teacher || !('shrink' in student) || student.importance !== 'taylor') return undefined;
  const { dataset, outputShape } = run.prepared;
  run.onEvent({ kind: 'phase', phase: 'student', message: 'Finds the channels that matter most' });
  const { graph } = readTeacherToShrink(teacher.model.file.proto, networkFormOf(dataset, outputShape));
  return taylorImportance(graph, layersToPrune(graph), {
    trainingTask: trainingTaskOf(dataset, outputShape, labelsAlone(dataset.task.kind)),
    split: dataset.training,
    indices: spreadSamples(dataset.training.count, SAMPLES),
    signal: run.signal,
  });
}
