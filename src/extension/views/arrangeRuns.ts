import type { StoredRun } from '../../launching/readRun.ts';
import type { StoredSearch } from '../../launching/readSearches.ts';
import type { RunState } from '../../protocol/events.ts';

export const sortings = ['newest', 'oldest', 'quality', 'ratio', 'name'] as const;
export const groupings = ['experiment', 'state', 'star', 'none'] as const;

/** By what runs are sorted; those that lack it come last, the newest first among equals. */
export type Sorting = (typeof sortings)[number];

/** What the runs of a group have in common. */
export type Grouping = (typeof groupings)[number];

/** How the view shows the runs. */
export interface Arrangement {
  readonly sorting: Sorting;
  readonly grouping: Grouping;
  /** Words that all have to occur in what is known of a run; empty for all runs. */
  readonly search: string;
}

/** Runs that are shown under one heading; with a key that stays the same when its runs change. */
export type RunGroup = { readonly runs: readonly StoredRun[] } & (
  | { readonly kind: 'experiment'; readonly name: string }
  | { readonly kind: 'state'; readonly state: RunState }
  | { readonly kind: 'star'; readonly starred: boolean }
  | { readonly kind: 'none' }
);

const STATES: readonly RunState[] = ['running', 'finished', 'interrupted', 'cancelled', 'failed'];

/**
 * The runs in groups, without those that the search leaves out; groups without runs are left out too.
 * @param runs newest first
 */
export function arrangeRuns(
  runs: readonly StoredRun[],
  { sorting, grouping, search }: Arrangement,
): readonly RunGroup[] {
  const found = sorted(matching(runs, search), sorting);
  switch (grouping) {
    case 'experiment':
      return [...byKey(found, ({ status }) => status.name)].map(([name, of]) => ({
        kind: 'experiment',
        name,
        runs: of,
      }));
    case 'state': {
      const groups = byKey(found, ({ status }) => status.state);
      return STATES.map((state) => ({ kind: 'state', state, runs: groups.get(state) ?? [] }) as const).filter(hasRuns);
    }
    case 'star': {
      const groups = byKey(found, ({ details }) => details.marks.starred === true);
      return [true, false]
        .map((starred) => ({ kind: 'star', starred, runs: groups.get(starred) ?? [] }) as const)
        .filter(hasRuns);
    }
    case 'none':
      return found.length === 0 ? [] : [{ kind: 'none', runs: found }];
  }
}

/** The searches for a student in whose names all words occur. */
export function matchingSearches(searches: readonly StoredSearch[], search: string): readonly StoredSearch[] {
  const words = wordsOf(search);
  return searches.filter(({ name, folder }) => {
    const text = `${name}\n${folder}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function wordsOf(search: string): readonly string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Runs in whose names, note, state, device or folder every word of the search occurs, in any case. `*` alone finds those with a star. */
export function matching(runs: readonly StoredRun[], search: string): readonly StoredRun[] {
  const words = wordsOf(search);
  if (words.length === 0) return runs;
  return runs.filter(({ status, details: { marks } }) => {
    const text = [status.id, status.name, marks.name, marks.note, status.state, status.device]
      .filter((part) => part !== undefined)
      .join('\n')
      .toLowerCase();
    return words.every((word) => (word === '*' ? marks.starred === true : text.includes(word)));
  });
}

function sorted(runs: readonly StoredRun[], sorting: Sorting): readonly StoredRun[] {
  switch (sorting) {
    case 'newest':
      return runs;
    case 'oldest':
      return runs.toReversed();
    case 'quality':
      return byNumber(runs, ({ status }) => status.accuracy ?? (status.loss === undefined ? undefined : -status.loss));
    case 'ratio':
      return byNumber(runs, ({ details }) => details.sizeRatio);
    case 'name': {
      const order = new Intl.Collator(undefined, { numeric: true });
      return runs.toSorted((one, other) => order.compare(nameOf(one), nameOf(other)));
    }
  }
}

/** The largest first. Sorting is stable, so that the newest stay first among equals. */
function byNumber(runs: readonly StoredRun[], numberOf: (run: StoredRun) => number | undefined): readonly StoredRun[] {
  const lowest = Number.NEGATIVE_INFINITY;
  return runs
    .map((run) => ({ run, number: numberOf(run) ?? lowest }))
    .sort((one, other) => (one.number === other.number ? 0 : other.number - one.number))
    .map(({ run }) => run);
}

/** What a person called a run, or what its experiment is called. */
export function nameOf({ status, details }: StoredRun): string {
  return details.marks.name ?? status.name;
}

function byKey<Key>(
  runs: readonly StoredRun[],
  keyOf: (run: StoredRun) => Key,
): ReadonlyMap<Key, readonly StoredRun[]> {
  const groups = new Map<Key, StoredRun[]>();
  for (const run of runs) {
    const key = keyOf(run);
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return groups;
}

function hasRuns({ runs }: RunGroup): boolean {
  return runs.length > 0;
}
