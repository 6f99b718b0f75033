import { teacherToTrain } from '../../../experiment/networkToTrain.ts';
import type { Run } from '../../run.ts';
import { secondsForTrials } from './planTrials.ts';

/** Seconds that trials may take together, where a person limits the trainings of the run by minutes; undefined where nobody does. */
export function limitOfTrials({ experiment, written }: Pick<Run, 'experiment' | 'written'>): number | undefined {
  const { maxMinutes } = experiment.training;
  if (maxMinutes === undefined) return undefined;
  const trainings = 1 + (experiment.baseline ? 1 : 0) + (teacherToTrain(written) ? 1 : 0);
  return secondsForTrials(maxMinutes, trainings);
}
