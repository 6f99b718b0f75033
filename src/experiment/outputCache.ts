import { resolve } from 'node:path';
import type { Phase } from '../protocol/events.ts';
import { formatBytes } from '../protocol/format.ts';
import { OutputCache } from '../teacher/cache/outputCache.ts';
import type { Run } from './distill.ts';

/**
 * Where a run keeps the outputs of its teachers and looks for those of earlier runs; undefined where it does not. A teacher that
 * the run has trained is met in no other run.
 *
 * @param phase that the run is in when something is read or kept
 */
export function outputCacheOf(
  { experiment, prepared, baseDirectory, cacheFolder, onEvent }: Run,
  phase: () => Phase,
): OutputCache | undefined {
  const { keep, precision, folder: named } = experiment.cache;
  const folder = named === undefined ? cacheFolder : resolve(baseDirectory, named);
  if (!keep || folder === undefined || !prepared.teachers) return undefined;
  const tell = (message: string): void => {
    onEvent({ kind: 'phase', phase: phase(), message });
  };
  return new OutputCache({
    folder,
    precision,
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
