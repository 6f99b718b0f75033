import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Problem } from '../errors.ts';
import { lineAndColumn, placeProblems } from '../experiment/placeProblems.ts';

/** A problem and, where it is one of an experiment file, its line there. Lines and columns count from 1. */
export interface LocatedProblem extends Problem {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * Finds the lines of an experiment file that problems are about.
 *
 * @param file as it was given; what is no JSON file has no places
 * @param directory folder that relative paths start from
 */
export function locateProblems(
  problems: readonly Problem[],
  file: string | undefined,
  directory: string,
): readonly LocatedProblem[] {
  const text = file === undefined || !/\.jsonc?$/i.test(file) ? undefined : textOf(resolve(directory, file));
  if (file === undefined || text === undefined) return problems;
  const places = placeProblems(text, problems);
  return problems.map((problem, index) => {
    const place = places[index];
    return place ? { ...problem, file, ...lineAndColumn(text, (place.value ?? place.field).offset) } : problem;
  });
}

/** Undefined when there is no such file, or one that may never end: that is what the problem is then. */
function textOf(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}
