import type { Problem } from '../../../../errors.ts';
import { pathProblem } from '../../../findings/problems.ts';
import { CHATS } from './recordForms.ts';

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
    way: 'Choices, ratings and numbers of whole samples are read; it marks parts of them, which are not learned here.',
  },
  {
    program: 'Label Studio',
    fields: ['completions', 'data'],
    way: 'Choices, ratings and numbers of whole samples are read; it marks parts of them, which are not learned here.',
  },
];

/**
 * Says of records that a program for labelling exported, and whose labels lie within lists, how they become a table, and of chats what is learned here; none of others.
 *
 * @param names all columns
 * @param lists those of them whose values are no cells
 */
export function exportProblems(file: string, names: Iterable<string>, lists: Iterable<string>): readonly Problem[] {
  const chats = [...lists].find((name) => CHATS.includes(name));
  if (chats !== undefined) {
    return [
      pathProblem(
        `${file} holds chats in '${chats}', and text that is written is not learned here, only classes and numbers.`,
        'Give a column of texts and one of labels, such as the topic of each chat; or chats that end with an answer of few words, which are then the classes. With "task": "matching" a column of texts needs no labels.',
      ),
    ];
  }
  const all = new Set([...names].map((name) => name.split('.')[0] ?? ''));
  const found = EXPORTS.find(({ fields }) => fields.every((field) => all.has(field)));
  return found ? [pathProblem(`${file} is an export of ${found.program}, whose labels are no cells.`, found.way)] : [];
}
