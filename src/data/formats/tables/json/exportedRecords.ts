import type { Problem } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';

/** Programs for labelling whose records are no rows, by the fields that they write, and how their labels become a table. */
const EXPORTS: readonly { readonly program: string; readonly fields: readonly string[]; readonly way: string }[] = [
  {
    program: 'LabelMe',
    fields: ['shapes', 'imagePath'],
    way: 'It marks objects within images, which have no class of their own. Cut the objects out into a folder for each class, or give a table with a column of image paths and one of classes.',
  },
  {
    program: 'Label Studio',
    fields: ['annotations', 'data'],
    way: 'Export it as CSV, TSV or JSON-MIN, which have a column for each label.',
  },
  {
    program: 'Label Studio',
    fields: ['completions', 'data'],
    way: 'Export it as CSV, TSV or JSON-MIN, which have a column for each label.',
  },
];

/** Says of records that a program for labelling exported, and whose labels lie within lists, how they become a table; none of others. */
export function exportProblems(file: string, names: Iterable<string>): readonly Problem[] {
  const all = new Set([...names].map((name) => name.split('.')[0] ?? ''));
  const found = EXPORTS.find(({ fields }) => fields.every((field) => all.has(field)));
  return found ? [pathProblem(`${file} is an export of ${found.program}, whose labels are no cells.`, found.way)] : [];
}
