import type { Phase } from '../../src/protocol/events.ts';
import { formatDuration, formatInteger } from '../../src/report/format.ts';
import type { RunSnapshot, TrainingPosition } from '../../src/protocol/snapshot.ts';
import { networkName } from '../charts/series.ts';
import { t } from '../l10n.ts';

export type ShownState = RunSnapshot['state'];

/** Whether a run goes on, so that it can be stopped and nothing else be started. */
export function goesOn(state: ShownState): boolean {
  return state === 'starting' || state === 'running' || state === 'stopping';
}

/** What a run is doing or how it ended, in a few words. */
export function describeState(run: Pick<RunSnapshot, 'state' | 'phase' | 'pause' | 'isSilent' | 'hasStudent'>): string {
  const { state, phase, pause, isSilent, hasStudent } = run;
  switch (state) {
    case 'starting':
      return t('Checking the experiment…');
    case 'running':
      if (isSilent) {
        return t('No sign of life for a minute: it may hang. Stop ends it; the best student so far is kept.');
      }
      if (pause !== undefined) return pause === 'held' ? t('Paused') : t('Pausing at the next training step…');
      return phase === undefined ? t('Starting…') : describePhase(phase);
    case 'stopping':
      return t('Stopping…');
    case 'finished':
      return t('Finished');
    case 'cancelled':
      return hasStudent === true
        ? t('Stopped; the best student so far was kept')
        : t('Stopped before there was a student');
    case 'failed':
      return t('Failed');
    case 'interrupted':
      return t('Interrupted: the process that trained is gone');
  }
}

function describePhase(phase: Phase): string {
  switch (phase) {
    case 'preflight':
      return t('Checking the experiment…');
    case 'dataset':
      return t('Reading the dataset…');
    case 'train-teacher':
      return t('Training the teacher…');
    case 'teacher-outputs':
      return t("Computing the teacher's outputs…");
    case 'student':
      return t('Training the student…');
    case 'baseline':
      return t('Training the baseline without the teacher…');
    case 'first-steps':
      return t('Trying learning rates in short trainings…');
    case 'trials':
      return t('Trying objectives in short trainings…');
    case 'repeats':
      return t('Repeating with further seeds…');
    case 'folds':
      return t('Judging on every part of the data in turn…');
    case 'evaluation':
      return t('Evaluating on the test split…');
    case 'report':
      return t('Measuring latency and writing the report…');
  }
}

/** What is left of the whole run, as far as that can be told. */
export function describeTimeLeft({ secondsLeft }: Pick<RunSnapshot, 'secondsLeft'>): string {
  return secondsLeft === undefined ? '' : t('about {0} left of the whole', formatDuration(secondsLeft));
}

/** When a run ended, as the language writes it, and how long it took; nothing of one that goes on. */
export function describeEnd(run: Pick<RunSnapshot, 'startedAt' | 'endedAt' | 'report'>, language: string): string {
  if (run.endedAt === undefined) return '';
  const ended = new Date(run.endedAt).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  // A run that was resumed lay idle between its beginning and its end: its report knows how long it trained.
  const seconds = run.report?.seconds.total ?? secondsBetween(run.startedAt, run.endedAt);
  return seconds === undefined ? ended : `${ended} · ${t('took {0}', formatDuration(seconds))}`;
}

function secondsBetween(start: string | undefined, end: string): number | undefined {
  return start === undefined ? undefined : (Date.parse(end) - Date.parse(start)) / 1000;
}

/** The short name of a part of a run. */
export function stageName(phase: Phase): string {
  switch (phase) {
    case 'preflight':
      return t('checks');
    case 'dataset':
      return t('dataset');
    case 'train-teacher':
      return t('teacher');
    case 'first-steps':
      return t('first steps');
    case 'teacher-outputs':
      return t('teacher outputs');
    case 'trials':
      return t('trials of objectives');
    case 'student':
      return t('student');
    case 'baseline':
      return t('without teacher');
    case 'repeats':
      return t('repeats');
    case 'folds':
      return t('folds');
    case 'evaluation':
      return t('evaluation');
    case 'report':
      return t('report');
  }
}

/** Epoch, speed and time left of the network in training. */
export function describePosition(position: TrainingPosition): string {
  return [
    networkName(position.network),
    t('epoch {0} of {1}', formatInteger(Math.min(position.epoch, position.epochs)), formatInteger(position.epochs)),
    t('{0} samples/s', Number.isFinite(position.samplesPerSecond) ? formatInteger(position.samplesPerSecond) : '–'),
    t('{0} left for this network', formatDuration(position.secondsLeft)),
  ].join(' · ');
}
