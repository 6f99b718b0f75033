import { resolve } from 'node:path';
import type { RunEvent } from '../../protocol/events.ts';
import { formatBytes } from '../../report/format.ts';
import { OutputCache } from '../../teacher/cache/outputCache.ts';
import type { Experiment } from '../../experiment/schema.ts';
import type { Prepared } from '../prepared.ts';

/** Of a run: what says where its cache is. */
interface CacheOwner {
  readonly experiment: Experiment;
  readonly baseDirectory: string;
  /** Folder for outputs of teachers, unless the experiment names one. */
  readonly cacheFolder?: string | undefined;
}

/** The folder where a run keeps what networks say and looks for what earlier runs have kept; undefined where it does not. */
export function cacheFolderOf({ experiment, baseDirectory, cacheFolder }: CacheOwner): string | undefined {
  const { keep, folder: named } = experiment.cache;
  if (!keep) return undefined;
  return named === undefined ? cacheFolder : resolve(baseDirectory, named);
}

/** The same of the outputs of its teachers: one that the run has trained is met in no other run, and nothing of it is kept. */
export function outputFolderOf(
  run: CacheOwner & { readonly prepared: Pick<Prepared, 'teachers'> },
): string | undefined {
  return run.prepared.teachers && cacheFolderOf(run);
}

/** What is kept. */
type Kept = 'outputs of the teacher' | 'features of the extractor';

/** What a run keeps in a folder, and finds of earlier runs there; it tells of that. */
export function openOutputCache(
  { experiment, onEvent }: { readonly experiment: Experiment; readonly onEvent: (event: RunEvent) => void },
  folder: string,
  what: Kept,
): OutputCache {
  const tell = (message: string): void => {
    onEvent({ kind: 'note', message });
  };
  return new OutputCache({
    folder,
    precision: experiment.cache.precision,
    onEvent: (event) => {
      switch (event.kind) {
        case 'read':
          tell(`Has read ${what} that an earlier run kept (${described(event)})`);
          break;
        case 'written':
          tell(`Has kept ${what} for later runs (${described(event)})`);
          break;
        case 'warning':
          onEvent(event);
      }
    },
  });
}

function described({ bytes, view }: { readonly bytes: number; readonly view: number | undefined }): string {
  return view === undefined ? formatBytes(bytes) : `view ${view + 1}, ${formatBytes(bytes)}`;
}
