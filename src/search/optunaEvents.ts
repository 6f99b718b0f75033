import type { OptunaDistribution, OptunaEvent } from '../interchange/optuna/optunaJournal.ts';
import { trialFolder } from '../runFolder/searchFolder.ts';
import { valuesToMinimize, type Aim } from './aims.ts';
import type { EndedBy } from './decideJob.ts';
import type { Job } from './jobs.ts';
import type { Parameter } from './space/parameter.ts';
import type { SearchFacts } from './searchResult.ts';

/** What happened in a search, for Optuna. A trial that waits for others runs, there, until the search has ended. */
export function optunaEvents(
  { name, strategy, aims, space }: SearchFacts,
  jobs: readonly Job[],
  endedBy: EndedBy | null,
): readonly OptunaEvent[] {
  const events: OptunaEvent[] = [
    { kind: 'study', name, directions: aims.map(({ direction }) => direction) },
    { kind: 'study-note', name: 'strategy', value: strategy },
    { kind: 'study-note', name: 'aims', value: aims.map((aim) => aim.name) },
  ];
  // In the order in which it happened, which is that in which it was told before.
  const moments = jobs
    .flatMap((job) => [
      { at: job.beganAt, job, isEnd: false },
      ...(job.end ? [{ at: job.end.at, job, isEnd: true }] : []),
    ])
    .toSorted((one, other) =>
      one.at === other.at
        ? one.job.number - other.job.number || Number(one.isEnd) - Number(other.isEnd)
        : one.at < other.at
          ? -1
          : 1,
    );
  for (const { job, isEnd } of moments) {
    if (isEnd) events.push(...endOf(job, aims, jobs));
    else if (job.isFirst) events.push(...beginOf(job, space));
  }
  // What may still go on is not over for Optuna, either.
  if (endedBy === null || endedBy === 'stopped') return events;
  const paused = jobs.filter(
    ({ end, trial, number }) =>
      end?.result.state === 'paused' && !jobs.some((other) => other.trial === trial && other.number > number),
  );
  return [...events, ...paused.map((job) => endEvent(job, 'pruned', aims))];
}

function beginOf({ trial, point, beganAt }: Job, space: SearchFacts['space']): readonly OptunaEvent[] {
  const parameters = space.flatMap((parameter): readonly OptunaEvent[] => {
    const value = point[parameter.name];
    if (value === undefined) return [];
    return [{ kind: 'parameter', trial, name: parameter.name, value, distribution: distributionOf(parameter) }];
  });
  return [
    { kind: 'trial', at: beganAt },
    ...parameters,
    { kind: 'note', trial, name: 'folder', value: trialFolder(trial) },
  ];
}

function endOf(job: Job, aims: readonly Aim[], jobs: readonly Job[]): readonly OptunaEvent[] {
  const result = job.end?.result;
  if (!result) return [];
  const { trial } = job;
  if ('problems' in result) {
    const reason = result.problems.map(({ message }) => message).join(' ');
    return [{ kind: 'note', trial, name: 'reason', value: reason }, endEvent(job, 'failed', aims)];
  }
  const told = jobs.findLast((other) => other.trial === trial && other.number < job.number)?.epochs ?? 0;
  const epochs = aims.length > 1 ? [] : result.epochs.filter(({ epoch }) => epoch > told);
  const values = epochs.flatMap((epoch): readonly OptunaEvent[] => {
    const [value = NaN] = inOwnDirection(aims, valuesToMinimize(aims, [{ ...epoch, best: true }], null));
    return Number.isFinite(value) ? [{ kind: 'epoch', trial, epoch: epoch.epoch, value }] : [];
  });
  if (result.state === 'paused') return values;
  const figures = Object.entries<number | null>({ ...result.figures }).map(
    ([name, value]) => ({ kind: 'note', trial, name, value }) as const,
  );
  return [...values, ...figures, endEvent(job, 'complete', aims)];
}

function endEvent(job: Job, state: 'complete' | 'pruned' | 'failed', aims: readonly Aim[]): OptunaEvent {
  const result = job.end?.result;
  const found =
    result && 'epochs' in result ? inOwnDirection(aims, valuesToMinimize(aims, result.epochs, result.figures)) : [];
  const isKnown = found.length > 0 && found.every(Number.isFinite);
  const values = isKnown && state !== 'failed' ? found : null;
  const known = state === 'complete' && !isKnown ? 'failed' : state;
  return { kind: 'end', trial: job.trial, state: known, values, at: job.end?.at ?? job.beganAt };
}

function inOwnDirection(aims: readonly Aim[], toMinimize: readonly number[]): readonly number[] {
  return toMinimize.map((value, index) => (aims[index]?.direction === 'maximize' ? -value : value));
}

function distributionOf(parameter: Parameter): OptunaDistribution {
  if (parameter.kind === 'choice') return { kind: 'choice', choices: parameter.choices };
  const { low, high, step, isLog } = parameter;
  const isWhole = [low, high, step].every(Number.isInteger);
  return isWhole
    ? { kind: 'whole', low, high, step: step ?? 1, isLog }
    : { kind: 'number', low, high, step: step ?? null, isLog };
}
