import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Dataset, DatasetOptions } from '../../../../../src/data/dataset.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { datasetOptions, removeFolder, temporaryFolder } from '../../../../support/datasets.ts';

const ROWS = Array.from({ length: 60 }, (_, row) => row);
const pick = <Value>(values: readonly Value[], row: number): Value => values[(row * 7) % values.length]!;

describe('tables as programs and competitions give them out', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
  });
  const write = (name: string, lines: readonly unknown[]): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
    return name;
  };
  const open = (path: string, changes: Partial<DatasetOptions> = {}): Promise<Dataset> =>
    openDataset(datasetOptions(path, { validation: 0.1, test: 0.2, length: 8, ...changes }), {
      baseDirectory: folder,
      seed: 0,
    });
  const told = ({ findings }: Dataset): string =>
    findings.map(({ message, hint = '' }) => `${message} ${hint}`).join('\n');
  const sales = (columns: string): readonly string[] => [
    columns,
    ...ROWS.map((row) => [row, `2015-07-${(row % 28) + 1}`, row * 3, 5 + row].join(',')),
  ];

  it('are taken for what the table of answers names, or for what the test lacks, and what else it lacks is warned of', async () => {
    write('shop/train.csv', sales('Store,Date,Sales,Customers'));
    write('shop/test.csv', ['Store,Date', ...ROWS.map((row) => `${row},2015-08-${(row % 28) + 1}`)]);
    const guessed = await open('shop');
    assert.deepEqual(guessed.task, { kind: 'regression', targets: ['Customers'] });
    assert.match(told(guessed), /'Customers' is predicted, one of those that test\.csv lacks/);
    assert.match(told(guessed), /test\.csv lacks 'Sales', too: .* Set it to 'ignore' in dataset\.columns/);
    write('shop/sample_submission.csv', ['Id,Sales', '1,0']);
    const named = await open('shop', { columns: { Customers: 'ignore' } });
    assert.deepEqual(named.task, { kind: 'regression', targets: ['Sales'] });
    assert.match(told(named), /'Sales' is predicted, as sample_submission\.csv names it/);
    assert.doesNotMatch(told(named), /lacks 'Customers'/);
  });

  it('may have probabilities of classes, one of which is no target of its own, which is warned of', async () => {
    const shares = ROWS.map((row) => {
      const [one, other] = [(row % 5) / 10, (row % 4) / 10];
      return [row % 7, row % 11, one.toFixed(2), other.toFixed(2), (1 - one - other).toFixed(2)].join(',');
    });
    const dataset = await open(write('soft.csv', ['a,b,p_cat,p_dog,p_fox', ...shares]));
    assert.match(told(dataset), /'p_cat', 'p_dog' and 'p_fox' add up to 1 in every row.* \["p_cat","p_dog","p_fox"\]/);
    const all = await open('soft.csv', { target: ['p_cat', 'p_dog', 'p_fox'] });
    assert.deepEqual(all.task, { kind: 'regression', targets: ['p_cat', 'p_dog', 'p_fox'] });
  });

  it('have lists of words as cells, a single one as the word that it is', async () => {
    const texts = ROWS.map((row) => `words ${row} that ${pick(['please', 'bore'], row)} me`);
    const single = await open(
      write(
        'doccano.jsonl',
        texts.map((text, row) => ({ id: row, text, label: [pick(['pos', 'neg'], row)], Comments: [] })),
      ),
    );
    assert.deepEqual(single.task, { kind: 'classification', classes: ['neg', 'pos'] });
    const several = write(
      'several.jsonl',
      texts.map((text, row) => ({ text, labels: pick([['a, b', 'c'], ['c'], ['d', 'c']], row) })),
    );
    assert.match(told(await open(several)), /lists in several\.jsonl are cells of words: labels/);
    const labels = await open(several, { task: 'multi-label' });
    assert.deepEqual(labels.task, { kind: 'multi-label', classes: ['a, b', 'c', 'd'] });
    const numbered = write(
      'numbered.jsonl',
      texts.map((text, row) => ({ text, labels: pick([[0, 27], [3], [27]], row) })),
    );
    assert.deepEqual((await open(numbered, { task: 'multi-label' })).task, {
      kind: 'multi-label',
      classes: ['0', '27', '3'],
    });
    const python = write('python.csv', [
      'text,tags',
      ...texts.map((text, row) => `${text},"${pick(["['c', 'it''s']", "['python']", "['python', 'c']"], row)}"`),
    ]);
    assert.deepEqual((await open(python, { task: 'multi-label' })).task, {
      kind: 'multi-label',
      classes: ['c', "it''s", 'python'],
    });
  });

  it('of Qualtrics have two lines below the names that are no rows, and those of Google times with their zone', async () => {
    const survey = write('qualtrics.csv', [
      'StartDate,Q1,Q2',
      'Start Date,How old are you?,"Would you, perhaps?"',
      '"{""ImportId"":""startDate"",""timeZone"":""America/Denver""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"',
      ...ROWS.map((row) => `2024-01-${(row % 28) + 1} 10:00:07,${18 + row},${pick(['Yes', 'No'], row)}`),
    ]);
    const dataset = await open(survey);
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['No', 'Yes'] });
    assert.match(told(dataset), /two lines below the names of the columns that explain them/);
    assert.ok(dataset.preparation.kind === 'table');
    assert.ok(dataset.preparation.columns.some(({ name, kind }) => name === 'Q1' && kind === 'number'));
    const form = write('form.csv', [
      'Timestamp,Age,Again?',
      ...ROWS.map(
        (row) => `2024/01/${(row % 28) + 1} 3:14:0${row % 10} PM GMT+1,${18 + row},${pick(['Yes', 'No'], row)}`,
      ),
    ]);
    assert.match(told(await open(form)), /dates of 'Timestamp' become numbers/);
  });
});
