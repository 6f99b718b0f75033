import { differingSettings } from '../../experiment/differingSettings.ts';
import type { QueueEntry } from '../../queue/queue.ts';
import type { Translate } from '../translate.ts';
import { relativeTime } from './describeRun.ts';
import type { ItemDescription } from './describedItem.ts';

/** How the view of the queue shows an entry. */
export interface QueuedDescription extends ItemDescription {
  readonly label: string;
  /** One fact a line: all of what is cut off in a narrow view. */
  readonly tooltip: string;
}

/** More than these are told when one asks. */
const MOST_SETTINGS = 2;
/** Characters of a name that others have, too. */
const MOST_OF_NAME = 20;
const ICONS: Readonly<Record<QueueEntry['state'], ItemDescription['icon']>> = {
  waiting: { name: 'clock' },
  running: { name: 'loading~spin' },
  refused: { name: 'error', color: 'testing.iconFailed' },
};

interface DescribingOptions {
  readonly now: number;
  readonly locale: string;
  readonly translate: Translate;
  /** What tells it from others of its name; see `tellApart`. */
  readonly apart?: readonly string[];
}

/** Describes an entry of the queue. */
export function describeQueued(
  entry: QueueEntry,
  { now, locale, translate: t, apart = [] }: DescribingOptions,
): QueuedDescription {
  const added = relativeTime(Date.parse(entry.addedAt), now, locale);
  const kind = entry.search ? [t('Search')] : [];
  const state = stateText(entry, t);
  // A narrow view cuts off what comes last, and has the state as an icon, too.
  const briefly = [...kind, ...apart.slice(0, MOST_SETTINGS), state, entry.problem ?? added];
  const problem = entry.problem === undefined ? [] : [entry.problem];
  return {
    // What tells it apart is to stand in sight.
    label:
      apart.length > 0 && entry.name.length > MOST_OF_NAME ? `${entry.name.slice(0, MOST_OF_NAME - 1)}…` : entry.name,
    description: briefly.join(' · '),
    accessibleLabel: [entry.name, ...briefly].join(', '),
    tooltip: [entry.name, ...kind, ...apart, state, ...problem, added].join('\n'),
    icon: ICONS[entry.state],
    context: `queued.${entry.state}`,
  };
}

/** What entries have that others of their name have not, by their id: settings, or a number where all are the same. Nothing of what is named alone. */
export function tellApart(entries: readonly QueueEntry[], t: Translate): ReadonlyMap<number, readonly string[]> {
  const kindOf = ({ name, search }: QueueEntry): string => `${search ? 'search' : 'run'} ${name}`;
  const kinds = [...new Set(entries.map(kindOf))];
  const several = kinds
    .map((kind) => entries.filter((entry) => kindOf(entry) === kind))
    .filter(({ length }) => length > 1);
  return new Map(several.flatMap((alike) => tellAlikeApart(alike, t)));
}

function tellAlikeApart(alike: readonly QueueEntry[], t: Translate): readonly (readonly [number, readonly string[]])[] {
  const differing = differingSettings(alike.map(settingsOf));
  const settings = alike.map((_, index) =>
    differing.map(({ path, values }) => `${path} ${readable(values[index] ?? null)}`),
  );
  const asText = settings.map((each) => each.join('\n'));
  return alike.map(({ id }, index) => {
    const own = settings[index] ?? [];
    const isOwn = asText.filter((text) => text === asText[index]).length === 1;
    return [id, isOwn ? own : [t('No. {0} of {1} named alike', index + 1, alike.length), ...own]];
  });
}

/** What its run depends on. */
function settingsOf({ experiment, baseDirectory, search }: QueueEntry): object {
  return { ...(experiment as object), folder: baseDirectory, ...(search && { atOnce: search.atOnce }) };
}

/** A value as JSON without the quotes of a text; what a file does not name is decided later. */
function readable(value: string | null): string {
  return value === null ? '–' : value.replace(/^"(.*)"$/, '$1');
}

function stateText({ state }: QueueEntry, t: Translate): string {
  switch (state) {
    case 'waiting':
      return t('Waiting');
    case 'running':
      return t('Running');
    case 'refused':
      return t('Refused');
  }
}
