import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../../../../src/data/dataset.ts';
import { assertProblems } from '../../../../support/datasets.ts';
import { dataFolder } from '../../../../support/dataFolder.ts';

describe('labels before or beside texts', () => {
  const data = dataFolder('suite');
  const { open, write } = data;
  const lines = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');
  const valuesOf = ({ training }: Dataset): readonly number[] => {
    assert.ok(training.targets.kind === 'values');
    return [...training.targets.values];
  };

  it('of fastText are classes, in a file or in those of the splits', async () => {
    const line = (index: number): string => `__label__${index % 2 ? 'sauce' : 'baking'} How to make number ${index} ?`;
    const dataset = await open(write('texts.txt', lines(40, line)));
    assert.deepEqual(
      [dataset.format, dataset.task],
      ['fastText', { kind: 'classification', classes: ['baking', 'sauce'] }],
    );
    assert.ok(dataset.preparation.kind === 'text' && dataset.preparation.tokens.kind === 'words');
    assert.ok(!dataset.preparation.tokens.words.some((word) => word.includes('label')));
    mkdirSync(join(data.folder, 'cooking'));
    write('cooking/cooking.train', lines(40, line));
    write('cooking/cooking.valid', lines(10, line));
    write('cooking/cooking.test', lines(8, line));
    const splits = await open('cooking');
    assert.deepEqual([splits.training.count, splits.validation.count, splits.test.count], [40, 10, 8]);
    await assertProblems(
      open(
        write(
          'none.txt',
          lines(20, (index) => `__label__${index === 7 ? ' ' : 'a '}text`),
        ),
      ),
      [/Line 8 of none\.txt has no class behind __label__/],
    );
    const early = lines(20, (index) => (index === 2 ? 'no class at all' : `__label__${index % 2 ? 'a' : 'b'} text`));
    await assertProblems(open(write('early.txt', early)), [/Line 3 of early\.txt has no class behind __label__/]);
  });

  it('of fastText may be several for one text', async () => {
    const text = lines(
      40,
      (index) => `__label__${index % 2 ? 'sauce' : 'baking'}${index % 3 ? '' : ' __label__cheese'} Text ${index}`,
    );
    const dataset = await open(write('several.train', text));
    assert.deepEqual(dataset.task, { kind: 'multi-label', classes: ['baking', 'cheese', 'sauce'] });
    assert.ok(valuesOf(dataset).every((value) => value === 0 || value === 1));
  });

  it('that are several in a cell are told, and labels of their own where the task says so', async () => {
    const genres = ['Drama|Comedy', 'Action', 'Drama|Action|Thriller', 'Comedy'];
    const name = write(
      'films.csv',
      `a,Comedy,genres\n${lines(60, (index) => `${index % 7},${(index * index) % 11},${genres[index % 4] ?? ''}`)}`,
    );
    const combined = await open(name);
    assert.equal(combined.task.kind, 'classification');
    assert.match(
      combined.findings.map(({ message, hint }) => `${message} ${hint ?? ''}`).join('\n'),
      /several labels in one cell.*Set dataset\.task to 'multi-label'/s,
    );
    const dataset = await open(name, { task: 'multi-label' });
    assert.deepEqual(dataset.task, { kind: 'multi-label', classes: ['Action', 'genres: Comedy', 'Drama', 'Thriller'] });
    const rows = Array.from({ length: dataset.training.count }, (_, row) =>
      valuesOf(dataset)
        .slice(4 * row, 4 * row + 4)
        .join(''),
    );
    assert.deepEqual([...new Set(rows)].sort(), ['0100', '0110', '1000', '1011']);
    mkdirSync(join(data.folder, 'split'));
    write(
      'split/train.csv',
      `a,b,tags\n${lines(40, (index) => `${index % 7},${(index * index) % 11},${index % 2 ? 'x;y' : 'x'}`)}`,
    );
    write('split/test.csv', `a,b,tags\n${lines(9, (index) => `${index},${index},${index === 4 ? 'z' : 'y'}`)}`);
    await assertProblems(open('split', { task: 'multi-label', target: 'tags' }), [
      /Line 6 of test\.csv has the label 'z', which the training split lacks/,
    ]);
  });
});
