import { availableParallelism } from 'node:os';
import type { SettledExperiment } from '../experiment/schema.ts';
import { teacherToTrain } from '../experiment/networkToTrain.ts';
import type { AgentText } from '../protocol/agents.ts';
import type { WholeExperimentFacts } from '../protocol/experimentFacts.ts';
import { formatDuration } from '../report/format.ts';
import { agentText } from './agentTexts.ts';

/** How long a run takes, as far as that can be told before it begins. */
export type ForeseenTime =
  /** As an earlier run of the same experiment, on this machine. */
  | { readonly kind: 'measured'; readonly seconds: number }
  /** From the work there is. */
  | { readonly kind: 'estimated'; readonly least: number; readonly most: number }
  | { readonly kind: 'unknown' };

/** Multiply-accumulate operations that a core does in a second in small networks: taken for all machines, so the estimate is rough. */
const MACS_PER_CORE = 2e9;
/** What a training step takes beside its arithmetic. */
const SECONDS_PER_STEP = 5e-4;
/** Starting, checking, evaluating and the report. */
const FIXED_SECONDS = 10;
/** An estimate may be wrong by about this factor either way. */
const UNCERTAINTY = 3;
/** A training step takes the forward pass, and about twice that for the gradients. */
const PASSES_PER_STEP = 3;

/** How long an experiment takes, by the work that its networks and data are. */
export function estimateTime(
  experiment: SettledExperiment,
  { teacher, student, data }: WholeExperimentFacts,
): ForeseenTime {
  const { training, baseline, repeats, folds = 0 } = experiment;
  const trainings = (repeats + folds) * (baseline && teacher ? 2 : 1);
  const steps = (data.training / training.batchSize) * training.epochs;
  const seen = data.training * training.epochs;
  const teacherPasses = data.training + data.validation + data.test;
  const teacherTraining = teacherToTrain(experiment) ? seen * PASSES_PER_STEP * (1 + folds) : 0;
  const macs =
    seen * PASSES_PER_STEP * student.macs * trainings + (teacherPasses + teacherTraining) * (teacher?.macs ?? 0);
  const seconds =
    FIXED_SECONDS + macs / (MACS_PER_CORE * availableParallelism()) + steps * trainings * SECONDS_PER_STEP;
  return Number.isFinite(seconds)
    ? { kind: 'estimated', least: Math.ceil(seconds / UNCERTAINTY), most: Math.ceil(seconds * UNCERTAINTY) }
    : { kind: 'unknown' };
}

/** How long a run takes, in words. */
export function timeText(time: ForeseenTime): AgentText {
  switch (time.kind) {
    case 'measured':
      return agentText('It takes about {0}, as the last run of this experiment did.', formatDuration(time.seconds));
    case 'estimated':
      return agentText(
        'It takes roughly {0} to {1}, estimated from the size of the networks and the data.',
        formatDuration(time.least),
        formatDuration(time.most),
      );
    case 'unknown':
      return agentText('How long it takes is not known before it has begun.');
  }
}
