/** How the names of experiment files end. */
export const EXPERIMENT_SUFFIX = '.distill.json';

/**
 * The path as one of an experiment file: with the suffix exactly once. Save dialogs know file types by the last dot alone, so what
 * comes back from one may have the suffix not at all, in part, or twice.
 */
export function asExperimentFile(path: string): string {
  return `${path.replace(/(?:\.distill|\.json)+$/i, '')}${EXPERIMENT_SUFFIX}`;
}
