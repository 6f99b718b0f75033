import type { ExperimentPatch } from './advice.ts';

/** A patch as lines of the experiment file. */
export function patchLine(change: ExperimentPatch): string {
  return JSON.stringify(change, null, 1)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^\{ | \}$/g, '');
}
