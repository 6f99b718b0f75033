import type { QueuedJob, RunState, RunStatus } from '../../protocol/events.ts';
import { formatDuration, formatLoss, formatPercent, formatProgress, formatRatio } from '../../report/format.ts';
import type { RunDetails } from '../../launching/readRun.ts';
import type { Translate } from '../translate.ts';
import type { ItemDescription } from './describedItem.ts';

/**
 * How the view shows a run. Its context is `run.running`, `run.finished`… with `.starred`, `.resumable`, `.student` and `.report` when it is
 * and there are such.
 */
export interface RunDescription extends ItemDescription {
  readonly label: string;
  /** Markdown. */
  readonly tooltip: string;
}

const ICONS: Readonly<Record<RunState, RunDescription['icon']>> = {
  running: { name: 'loading~spin' },
  finished: { name: 'pass', color: 'testing.iconPassed' },
  cancelled: { name: 'circle-slash', color: 'testing.iconSkipped' },
  failed: { name: 'error', color: 'testing.iconFailed' },
  interrupted: { name: 'debug-disconnect', color: 'testing.iconQueued' },
};

/** Days that are counted. */
const MOST_DAYS = 31;

interface DescribingOptions {
  readonly now: number;
  readonly locale: string;
  readonly details: Omit<RunDetails, 'models'>;
  /** Whether it goes on without a sign of life. */
  readonly isSilent: boolean;
  /** Whether it stands below its experiment, which then needs no telling. */
  readonly isInExperiment: boolean;
  readonly translate: Translate;
}

/** Describes a run at the time `now`, in the locale given. */
export function describeRun(status: RunStatus, options: DescribingOptions): RunDescription {
  const { translate: t, details, isSilent, isInExperiment } = options;
  const { marks, sizeRatio } = details;
  // What is cut off in a narrow view matters least.
  const results = [
    ...studentQuality(status, t),
    ...(sizeRatio === undefined ? [] : [ratio(sizeRatio, t)]),
    ...teacherQuality(status, t),
  ];
  // The view is narrow: of a finished run the first figure is the student's.
  const bare = status.accuracy === undefined ? results : [formatPercent(status.accuracy), ...results.slice(1)];
  const isFinished = status.state === 'finished' && results.length > 0;
  const facts = isFinished ? bare : [standingText(status, options), ...results];
  const time = relativeTime(Date.parse(status.startedAt), options.now, options.locale);
  const label = marks.name ?? (isInExperiment ? time : status.name);
  const when = label === time ? [] : [time];
  const isStarred = marks.starred === true;
  return {
    label,
    description: [...(isStarred ? ['★'] : []), ...facts, ...when].join(' · '),
    accessibleLabel: [
      label,
      ...(isStarred ? [t('Starred')] : []),
      ...when,
      stateName(status.state, t),
      ...(status.state === 'running' ? facts : results),
    ].join(', '),
    tooltip: tooltipOf(status, results, options),
    icon: isSilent
      ? { name: 'warning', color: 'problemsWarningIcon.foreground' }
      : isPaused(status)
        ? { name: 'debug-pause' }
        : ICONS[status.state],
    context: contextOf(status, details),
  };
}

/** How a run stands: what its state is called and, while it goes on, how far it is. */
function standingText(status: RunStatus, { isSilent, translate: t }: DescribingOptions): string {
  if (status.state !== 'running') return stateName(status.state, t);
  if (status.queue) return t('Waits for its turn');
  const progress = formatProgress(status.progress);
  if (isPaused(status)) return `${t('Paused')} · ${progress}`;
  return isSilent ? `${t('No sign of life for a minute')} · ${progress}` : progress;
}

function isPaused({ state, paused }: RunStatus): boolean {
  return state === 'running' && paused === true;
}

/** Everything that is known, as Markdown. */
function tooltipOf(
  status: RunStatus,
  results: readonly string[],
  { now, locale, details: { marks }, translate: t }: DescribingOptions,
): string {
  const startedAt = Date.parse(status.startedAt);
  const endedAt = status.endedAt === undefined ? now : Date.parse(status.endedAt);
  return [
    `**${escaped(marks.name ?? status.name)}** — ${stateName(status.state, t)}`,
    ...(marks.name === undefined ? [] : [`${t('Experiment')}: ${escaped(status.name)}`]),
    ...(marks.note === undefined ? [] : [`$(note) ${escaped(marks.note)}`]),
    `${t('Started')}: ${new Date(startedAt).toLocaleString(locale)}`,
    `${t('Duration')}: ${formatDuration((endedAt - startedAt) / 1000)}`,
    ...(status.device === undefined ? [] : [`${t('Device')}: ${status.device}`]),
    ...results,
    ...(status.reason === undefined ? [] : [escaped(status.reason)]),
    ...(status.queue ? [escaped(queueText(status.queue))] : []),
    ...(status.problems ?? []).map((problem) => `$(error) ${escaped(problem.message)}`),
  ].join('\n\n');
}

function contextOf(
  { state }: RunStatus,
  { marks, isResumable, hasStudent, hasReport }: DescribingOptions['details'],
): string {
  return [
    'run',
    state,
    ...(marks.starred === true ? ['starred'] : []),
    ...(isResumable && state !== 'running' ? ['resumable'] : []),
    ...(hasStudent ? ['student'] : []),
    ...(hasReport ? ['report'] : []),
  ].join('.');
}

/** In the batch system's own words, by which its manual and its administrators know them. */
function queueText({ job, state, reason }: QueuedJob): string {
  return `Slurm ${job}: ${state}${reason === undefined ? '' : ` (${reason})`}`;
}

/** What the state of a run is called. */
export function stateName(state: RunState, t: Translate): string {
  switch (state) {
    case 'running':
      return t('Running');
    case 'finished':
      return t('Finished');
    case 'cancelled':
      return t('Stopped');
    case 'failed':
      return t('Failed');
    case 'interrupted':
      return t('Interrupted');
  }
}

/** How well the student does: its accuracy, or its loss where the task has no accuracy. */
function studentQuality({ accuracy, loss }: RunStatus, t: Translate): string[] {
  return [
    ...(accuracy === undefined ? [] : [t('student {0}', formatPercent(accuracy))]),
    ...(loss === undefined ? [] : [t('student: loss {0}', formatLoss(loss))]),
  ];
}

function teacherQuality({ teacherAccuracy, teacherLoss }: RunStatus, t: Translate): string[] {
  return [
    ...(teacherAccuracy === undefined ? [] : [t('teacher {0}', formatPercent(teacherAccuracy))]),
    ...(teacherLoss === undefined ? [] : [t('teacher: loss {0}', formatLoss(teacherLoss))]),
  ];
}

/** How many times smaller the student is than its teacher. */
function ratio(sizeRatio: number, t: Translate): string {
  if (formatRatio(Math.max(sizeRatio, 1 / sizeRatio)) === formatRatio(1)) return t('the same size');
  return sizeRatio >= 1 ? t('{0} smaller', formatRatio(sizeRatio)) : t('{0} larger', formatRatio(1 / sizeRatio));
}

/** `5 minutes ago`, in the person's language; the day of what is longer ago than anybody counts. */
export function relativeTime(time: number, now: number, locale: string): string {
  const seconds = (time - now) / 1000;
  if (Math.abs(seconds) >= MOST_DAYS * 86_400) {
    return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(time);
  }
  const steps = [
    { unit: 'day', seconds: 86_400 },
    { unit: 'hour', seconds: 3600 },
    { unit: 'minute', seconds: 60 },
  ] as const;
  const step = steps.find((candidate) => Math.abs(seconds) >= candidate.seconds);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return step ? format.format(Math.trunc(seconds / step.seconds), step.unit) : format.format(0, 'second');
}

/** Text that a person wrote, as Markdown that shows it as it is. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$]/g, '\\$&');
}
