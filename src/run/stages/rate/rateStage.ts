import { batchesPerEpoch } from '../../../data/batches.ts';
import { transferSet } from '../../../data/unlabelled/transferSet.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { RateChoice, ShortTraining } from '../../../report/rateChoice.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import { plannedSteps } from '../../../training/stopConditions.ts';
import type { Run } from '../../run.ts';
import { chooseRate, ratesFor } from './chooseRate.ts';
import { limitOfTrials } from '../trials/trialLimit.ts';
import { shortSteps, shortTraining } from './shortTraining.ts';

/** A run with the learning rate that was chosen, and how the student learned with it, where that was tried. */
export interface RatedRun {
  readonly run: Run;
  readonly learned: ShortTraining | undefined;
}

/**
 * Chooses the learning rate where the experiment leaves it open: by short trainings on the labels with the usual rate and higher ones, of
 * which the lowest validation loss decides. A run that goes on takes what it had chosen.
 */
export async function rateStage(run: Run, device: DeviceName, teachers: Teachers | undefined): Promise<RatedRun> {
  const rates = ratesFor(run);
  const { training } = run.experiment;
  // An epoch of the student is one of all that it is taught on, samples without labels too.
  const { count } = transferSet(run.prepared.dataset).training;
  const steps = rates && shortSteps(plannedSteps(training, batchesPerEpoch(count, training.batchSize)));
  if (!rates || steps === undefined) return { run, learned: undefined };
  const before = run.journal.rate;
  const choice = before ?? (await tryRates(run, device, teachers, { rates, steps }));
  if (!before) await run.journal.noteRate(choice);
  const { chosen, trials } = choice;
  const losses = trials.map(
    ({ learningRate, outcome }) => `${learningRate}: ${outcome?.validation.loss.toPrecision(3) ?? '–'}`,
  );
  run.onEvent({
    kind: 'phase',
    phase: 'first-steps',
    message: trials.some(({ outcome }) => outcome)
      ? `Learning rate ${chosen}, by the validation loss after ${steps} steps (${losses.join(', ')})`
      : `Learning rate ${chosen}, as usual: no trial of ${steps} steps came to its end`,
  });
  const learned = trials.find(({ learningRate }) => learningRate === chosen)?.outcome ?? undefined;
  return { run: withRate(run, chosen), learned };
}

async function tryRates(
  run: Run,
  device: DeviceName,
  teachers: Teachers | undefined,
  { rates, steps }: { readonly rates: readonly number[]; readonly steps: number },
): Promise<RateChoice> {
  run.onEvent({
    kind: 'phase',
    phase: 'first-steps',
    message: `Tries learning rates for ${steps} steps each: ${rates.join(', ')}`,
  });
  const trials: RateChoice['trials'] = [];
  const limit = limitOfTrials(run);
  const mostSeconds = limit === undefined ? undefined : limit / rates.length;
  for (const learningRate of rates) {
    const startedAt = performance.now();
    const outcome = await shortTraining(withRate(run, learningRate), device, teachers, steps, mostSeconds);
    trials.push({ learningRate, outcome: outcome ?? null });
    run.onEvent({ kind: 'progress', phase: 'first-steps', done: trials.length, total: rates.length });
    // The others would take as long.
    if (!outcome && mostSeconds !== undefined && performance.now() - startedAt > 1000 * mostSeconds) break;
  }
  return { chosen: chooseRate(trials) ?? run.experiment.training.learningRate, steps, trials };
}

function withRate(run: Run, learningRate: number): Run {
  const experiment = { ...run.experiment, training: { ...run.experiment.training, learningRate } };
  return { ...run, experiment, prepared: { ...run.prepared, experiment } };
}
