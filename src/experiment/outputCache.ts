import { resolve } from 'node:path';
import type { Phase } from '../protocol/events.ts';
import { formatBytes } from '../protocol/format.ts';
import { OutputCache } from '../teacher/cache/outputCache.ts';
import type { Run } from './distill.ts';
import type { Prepared } from './preflight.ts';

/**
 * The folder where a run keeps the outputs of its teachers and looks for those of earlier runs; undefined where it does not. A
 * teacher that the run has trained is met in no other run.
 */
export function outputFolderOf({
  experiment,
  prepared,
  baseDirectory,
  cacheFolder,
}: Pick<Run, 'experiment' | 'baseDirectory' | 'cacheFolder'> & {
  readonly prepared: Pick<Prepared, 'teachers'>;
}): string | undefined {
  const { keep, folder: named } = experiment.cache;
  if (!keep || !prepared.teachers) return undefined;
  return named === undefined ? cacheFolder : resolve(baseDirectory, named);
}

/**
 * What a run keeps of its teachers' outputs and finds of earlier runs; undefined where it keeps nothing.
 *
 * @param phase that the run is in when something is read or kept
 */
export function outputCacheOf(run: Run, phase: () => Phase): OutputCache | undefined {
  const { experiment, onEvent } = run;
  const folder = outputFolderOf(run);
  if (folder === undefined) return undefined;
  const tell = (message: string): void => {
    onEvent({ kind: 'phase', phase: phase(), message });
  };
  return new OutputCache({
    folder,
    precision: experiment.cache.precision,
    onEvent: (event) => {
      switch (event.kind) {
        case 'read':
          tell(`Has read outputs of the teacher that an earlier run kept (${described(event)})`);
          break;
        case 'written':
          tell(`Has kept outputs of the teacher for later runs (${described(event)})`);
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
