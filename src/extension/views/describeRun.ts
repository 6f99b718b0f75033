import type { RunState, RunStatus } from '../../protocol/events.ts';
import { formatDuration, formatLoss, formatPercent } from '../../protocol/format.ts';
import type { Translate } from '../translate.ts';

/** How the view shows a run: words and the name of an icon, without the editor's own types. */
export interface RunDescription {
  readonly label: string;
  readonly description: string;
  /** The same in words alone, for those who do not see the icon. */
  readonly accessibleLabel: string;
  /** Markdown. */
  readonly tooltip: string;
  /** A codicon, and the theme's colour for it. */
  readonly icon: { readonly name: string; readonly color?: string };
  /** For `when` clauses: `run.running`, `run.finished`… with `.resumable`, `.student` and `.report` when it is and there are such. */
  readonly context: string;
}

const ICONS: Readonly<Record<RunState, RunDescription['icon']>> = {
  running: { name: 'loading~spin' },
  finished: { name: 'pass', color: 'testing.iconPassed' },
  cancelled: { name: 'circle-slash', color: 'testing.iconSkipped' },
  failed: { name: 'error', color: 'testing.iconFailed' },
  interrupted: { name: 'debug-disconnect', color: 'testing.iconQueued' },
};

/** Describes a run at the time `now`, in the locale given. */
export function describeRun(
  status: RunStatus,
  options: {
    readonly now: number;
    readonly locale: string;
    readonly isResumable: boolean;
    readonly hasStudent: boolean;
    readonly hasReport: boolean;
    readonly translate: Translate;
  },
): RunDescription {
  const { translate: t, isResumable, hasStudent, hasReport } = options;
  const startedAt = Date.parse(status.startedAt);
  const results = qualities(status, t);
  const isFinished = status.state === 'finished' && results.length > 0;
  const state = status.state === 'running' ? formatPercent(status.progress, 0) : stateName(status.state, t);
  const facts = isFinished ? results : [state, ...results];
  const duration = formatDuration(
    ((status.endedAt === undefined ? options.now : Date.parse(status.endedAt)) - startedAt) / 1000,
  );
  const label = relativeTime(startedAt, options.now, options.locale);
  return {
    label,
    description: facts.join(' · '),
    accessibleLabel: [label, stateName(status.state, t), ...(status.state === 'running' ? facts : results)].join(', '),
    tooltip: [
      `**${escaped(status.name)}** — ${stateName(status.state, t)}`,
      `${t('Started')}: ${new Date(startedAt).toLocaleString(options.locale)}`,
      `${t('Duration')}: ${duration}`,
      ...(status.device === undefined ? [] : [`${t('Device')}: ${status.device}`]),
      ...results,
      ...(status.problems ?? []).map((problem) => `$(error) ${escaped(problem.message)}`),
    ].join('\n\n'),
    icon: ICONS[status.state],
    context: [
      'run',
      status.state,
      ...(isResumable ? ['resumable'] : []),
      ...(hasStudent ? ['student'] : []),
      ...(hasReport ? ['report'] : []),
    ].join('.'),
  };
}

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

/** How well student and teacher do: their accuracies, or their losses where the task has no accuracy. */
function qualities({ accuracy, teacherAccuracy, loss, teacherLoss }: RunStatus, t: Translate): string[] {
  return [
    ...(accuracy === undefined ? [] : [t('student {0}', formatPercent(accuracy))]),
    ...(teacherAccuracy === undefined ? [] : [t('teacher {0}', formatPercent(teacherAccuracy))]),
    ...(loss === undefined ? [] : [t('student: loss {0}', formatLoss(loss))]),
    ...(teacherLoss === undefined ? [] : [t('teacher: loss {0}', formatLoss(teacherLoss))]),
  ];
}

/** `5 minutes ago`, in the person's language. */
export function relativeTime(time: number, now: number, locale: string): string {
  const seconds = (time - now) / 1000;
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
