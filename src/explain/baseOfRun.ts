import { sep } from 'node:path';

/** The folder in which the run's `.distillery` lies; undefined where it lies elsewhere. */
export function baseOfRun(folder: string): string | undefined {
  const parts = folder.split(sep);
  const position = parts.lastIndexOf('.distillery');
  return position > 0 ? parts.slice(0, position).join(sep) || sep : undefined;
}
