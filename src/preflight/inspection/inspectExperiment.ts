import type { FeatureChoices } from '../../protocol/features.ts';
import { forecastOutputs, type ForecastOutputs, type ForeseeOptions } from '../teacherOutputs/forecastOutputs.ts';
import { featureChoices, withTeacher } from './listFeaturePairs.ts';
import { experimentSchema } from '../../experiment/schema.ts';

/** What an experiment with a teacher is, before it is run. */
export interface InspectedExperiment extends FeatureChoices {
  /** What its teachers' outputs take; undefined where nothing is known, since the objective has problems or the teacher is trained first. */
  readonly outputs: ForecastOutputs | undefined;
}

/**
 * Opens what an experiment names and tells what its losses on features can name and what its teachers' outputs take. The
 * objective may still have problems: what it can say is being looked for.
 *
 * @param value contents of the experiment file
 * @throws BadInputError with every problem of teacher, dataset and student
 */
export function inspectExperiment(value: unknown, options: ForeseeOptions): Promise<InspectedExperiment> {
  return withTeacher(value, options, async (experiment, prepared) => {
    const whole = experimentSchema.safeParse(value).data;
    const named = whole?.objective === 'auto' ? undefined : whole?.objective;
    const objective = named ?? prepared.objective;
    const outputs =
      whole &&
      (await forecastOutputs({ experiment: prepared.experiment, prepared: { ...prepared, objective } }, options));
    return { ...featureChoices(experiment, prepared), outputs };
  });
}
