import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLoss,
  formatMilliseconds,
  formatPercent,
  writerOfMilliseconds,
} from '../../report/format.ts';
import { joined } from '../../experiment/suggest.ts';
import type { AimName } from '../../experiment/schema/search.ts';
import type { SearchResult, TrialOutcome } from '../searchResult.ts';
import { untranslated, type Translate } from './pageTexts.ts';

/** What an aim is called. */
export function titleOf(aim: AimName, t: Translate = untranslated): string {
  switch (aim) {
    case 'accuracy':
      return t('accuracy');
    case 'loss':
      return t('loss');
    case 'parameters':
      return t('parameters');
    case 'macs':
      return t('MACs');
    case 'bytes':
      return t('file size');
    case 'latencyMs':
      return t('latency');
  }
}

/** How a trial ended, or that it has not. */
function stateOf(state: TrialOutcome['state'], t: Translate): string {
  switch (state) {
    case 'running':
      return t('running');
    case 'paused':
      return t('paused');
    case 'finished':
      return t('finished');
    case 'refused':
      return t('refused');
    case 'failed':
      return t('failed');
  }
}

/** A figure of a trial as people read it; a dash where it is not known. @param writeLatency that of the others beside it */
export function writeFigure(aim: AimName, value: number | null, writeLatency = formatMilliseconds): string {
  if (value === null) return '–';
  switch (aim) {
    case 'accuracy':
      return formatPercent(value);
    case 'loss':
      return formatLoss(value);
    case 'parameters':
    case 'macs':
      return formatCount(value);
    case 'bytes':
      return formatBytes(value);
    case 'latencyMs':
      return writeLatency(value);
  }
}

/** A row for each trial: its number, state, aims, size, what was searched, and why it ended early. */
export function searchTable(
  { aims, trials }: Pick<SearchResult, 'aims' | 'trials'>,
  shown: readonly TrialOutcome[],
  t: Translate = untranslated,
): { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const named = aims.map(({ name }) => name);
  const figures = [...named, ...(['parameters', 'bytes'] as const).filter((name) => !named.includes(name))];
  const fields = [...new Set(trials.flatMap(({ values }) => Object.keys(values)))];
  const writeLatency = writerOfMilliseconds(trials.flatMap(({ latencyMs }) => latencyMs ?? []));
  const hasReasons = shown.some(({ reason }) => reason !== null);
  return {
    head: [
      t('Trial'),
      t('State'),
      ...figures.map((name) => capitalized(titleOf(name, t))),
      ...fields,
      t('Epochs'),
      t('Time'),
      ...(hasReasons ? [t('Why')] : []),
    ],
    rows: shown.map((trial) => [
      `${trial.number}${trial.isOnFront ? ' ★' : ''}`,
      stateOf(trial.state, t),
      ...figures.map((name) => writeFigure(name, trial[name], writeLatency)),
      ...fields.map((field) => writeValue(trial.values[field])),
      String(trial.epochs),
      formatDuration(trial.seconds),
      ...(hasReasons ? [trial.reason ?? ''] : []),
    ]),
  };
}

/** A searched value in few characters. */
export function writeValue(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A search in a sentence or two. */
export function summaryOf({ trials, front, aims, endedBy, strategy }: SearchResult): string {
  const count = (state: TrialOutcome['state']): number => trials.filter((trial) => trial.state === state).length;
  const counts = [
    `${count('finished')} finished`,
    ...(['paused', 'refused', 'failed', 'running'] as const).flatMap((state) =>
      count(state) > 0 ? [`${count(state)} ${state === 'paused' ? 'stopped early' : state}`] : [],
    ),
  ];
  const looked = joined(
    aims.map(({ name, direction }) => `${direction === 'maximize' ? 'high' : 'low'} ${titleOf(name)}`),
    'and',
  );
  const best = trials.find(({ number }) => number === front[0]);
  const found = best
    ? ` Best: trial ${best.number}, with ${joined(
        aims.map(({ name }) => `${titleOf(name)} ${writeFigure(name, best[name])}`),
        'and',
      )} on the validation split${front.length > 1 ? `, and ${front.length - 1} more that no other beats` : ''}.`
    : endedBy === null || endedBy === 'stopped'
      ? ' No trial has finished yet.'
      : ' No trial finished.';
  return `${trials.length} trials by ${strategy} for ${looked}: ${joined(counts, 'and')}.${found}${endOf(endedBy)}`;
}

function endOf(endedBy: SearchResult['endedBy']): string {
  switch (endedBy) {
    case null:
    case 'trials':
      return '';
    case 'space':
      return ' The space has no more points.';
    case 'refusals':
      return ' It gave up, because nearly every trial was refused: the limits leave too little of the space.';
    case 'minutes':
      return ' Its time was up.';
    case 'stopped':
      return ' It was stopped and can go on.';
  }
}

/** With a capital letter, as titles begin. */
export function capitalized(title: string): string {
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
}
