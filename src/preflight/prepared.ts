import type { Dataset } from '../data/dataset.ts';
import type { Problem } from '../errors.ts';
import type { SettledExperiment } from '../experiment/schema.ts';
import type { ObjectiveTerm } from '../objectives/objectiveTerm.ts';
import type { ModelFile } from '../onnx/file.ts';
import type { TeacherMatch } from '../report/report.ts';
import type { Teachers } from '../teacher/teach.ts';

/** Everything that a run needs, opened and found to fit together. */
export interface Prepared {
  /** The experiment with everything decided that it leaves to Distillery and the dataset tells. */
  readonly experiment: SettledExperiment;
  readonly dataset: Dataset;
  /** The teachers that exist already; undefined when one is trained first or when there is none. */
  readonly teachers: Teachers | undefined;
  /** The files that networks start from; undefined for one that Distillery builds, and for a teacher that is not trained. */
  readonly studentModel: ModelFile | undefined;
  readonly teacherModel: ModelFile | undefined;
  /** Dimensions of the student's output for one sample. */
  readonly outputShape: readonly number[];
  readonly objective: readonly ObjectiveTerm[];
  /** What does not keep the experiment from being run, and should be known. */
  readonly warnings: readonly Problem[];
  /** What was decided of the data, to be said. */
  readonly notes: readonly string[];
  /** What was found out about the teachers that exist already. */
  readonly matching: readonly TeacherMatch[];
}

/** What was read of the files that an experiment names. */
export interface Files {
  readonly dataset: Dataset;
  readonly members: Teachers['members'];
  readonly studentModel: ModelFile | undefined;
  readonly teacherModel: ModelFile | undefined;
}
