import type { ChannelStatistics } from '../data/channelStatistics.ts';
import { describeStatistics, storedDataForm } from '../data/storedDataForm.ts';
import { saysOwnNumbers } from '../onnx/ownNumbers.ts';
import type { ModelProto } from '../onnx/onnx_pb.ts';
import { fileToStartFrom, teacherToTrain } from '../experiment/networkToTrain.ts';
import type { Experiment } from '../experiment/schema.ts';

/** The files that an experiment names, as far as they could be read. */
export interface StartingFiles {
  /** Of a student that starts from a file. */
  readonly student?: ModelProto | undefined;
  /** Of the teacher: one that is trained further, or of which the student is a smaller form. */
  readonly teacher?: ModelProto | undefined;
}

/** An experiment with its normalisation decided, and what is to be said of it. */
export interface SettledNormalization {
  readonly experiment: Experiment;
  readonly notes: readonly string[];
}

/**
 * Decides what `dataset.normalization: auto` is where a network is trained on from a file: what the file says that it learned from, and nothing
 * where it says nothing; so, too, where sites see only their own part. Elsewhere it stays `auto`: a teacher that only answers is asked in the
 * units that it knows.
 */
export function settleNormalization(experiment: Experiment, files: StartingFiles): SettledNormalization {
  const { dataset, rounds, teacher } = experiment;
  if (dataset.normalization !== 'auto') return { experiment, notes: [] };
  const as = (statistics: ChannelStatistics | 'none'): Experiment => ({
    ...experiment,
    dataset: {
      ...dataset,
      normalization: statistics === 'none' ? statistics : { mean: [...statistics.mean], std: [...statistics.std] },
    },
  });
  if (rounds?.sites || (teacher && 'sites' in teacher)) return { experiment: as('none'), notes: [] };
  const role = startingRole(experiment);
  if (!role) return { experiment, notes: [] };
  const proto = files[role];
  // What takes whole numbers takes the data's own.
  if (!proto || saysOwnNumbers(proto)) return { experiment: as('none'), notes: [] };
  const made = storedDataForm(Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value])));
  const whose = role === 'student' ? "the student's file" : "the teacher's file";
  if (!made) {
    const note = `How the values were scaled that it learned from, ${whose} does not say: they are not normalised (dataset.normalization)`;
    return { experiment: as('none'), notes: [note] };
  }
  const { preparation } = made;
  const isOfValues = preparation.kind === 'pixels' || preparation.kind === 'arrays';
  if (!isOfValues || preparation.normalization === null) return { experiment: as('none'), notes: [] };
  const { normalization } = preparation;
  const note = `The values are normalised as ${whose} says: ${describeStatistics(normalization)}`;
  return { experiment: as(normalization), notes: [note] };
}

/** Whose file decides: the student's, that of the teacher whose smaller form it is, or of a teacher that is trained further. */
function startingRole(experiment: Experiment): keyof StartingFiles | undefined {
  const { teacher, student } = experiment;
  if (fileToStartFrom(student) !== undefined) return 'student';
  if (!teacher) return undefined;
  const trained = teacherToTrain(experiment);
  if (trained) return fileToStartFrom(trained) === undefined ? undefined : 'teacher';
  return 'shrink' in student ? 'teacher' : undefined;
}
