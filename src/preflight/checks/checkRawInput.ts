import type { Dataset } from '../../data/dataset.ts';
import type { Problem } from '../../errors.ts';
import type { Experiment } from '../../experiment/schema.ts';

/** What keeps the preparation of a dataset from becoming part of a network. */
export function checkRawInput({ rawInput }: Experiment, { preparation }: Dataset): Problem[] {
  if (!rawInput || preparation.kind === 'pixels') return [];
  if (preparation.kind === 'arrays') {
    if (!preparation.parts) return [];
    const message =
      'A network that takes several arrays has an input for each of them, which the data fill as they are.';
    return [{ where: 'rawInput', message, hint: 'Leave the field out.' }];
  }
  const category = preparation.kind === 'table' && preparation.columns.find(({ kind }) => kind === 'category');
  const date =
    preparation.kind === 'table' &&
    preparation.columns.find((column) => column.kind === 'number' && column.part && column.part.is !== 'missing');
  if (preparation.kind === 'table' && !category && !date) return [];
  const what = category ? `the categories of '${category.name}'` : date ? `the dates of '${date.name}'` : 'texts';
  const message = `A network takes numbers, so it cannot prepare ${what} itself.`;
  return [
    { where: 'rawInput', message, hint: 'Leave the field out; distillery.data in its metadata says what to do.' },
  ];
}
