import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../../../../src/data/dataset.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { assertProblems, datasetOptions } from '../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

const ROWS = Array.from({ length: 40 }, (_, row) => [
  (row * 1.37).toFixed(2),
  String((row * 7) % 11),
  row % 2 === 0 ? 'yes' : 'no',
]);

describe('files of text whose name tells nothing', () => {
  const data = dataFolder('suite', { length: 4 });
  const { open } = data;
  const write = (name: string, lines: readonly string[]): string => {
    writeFileSync(join(data.folder, name), `${lines.join('\n')}\n`);
    return name;
  };

  it('are tables where their lines have the same number of cells, blanks as delimiters included', async () => {
    const expected = (
      await open(
        write(
          'plain.csv',
          ROWS.map((row) => row.join(',')),
        ),
      )
    ).preparation;
    const forms: Readonly<Record<string, readonly string[]>> = {
      'commas.data': ROWS.map((row) => row.join(', ')),
      commas: ROWS.map((row) => row.join(',')),
      'commas.txt': ROWS.map((row) => row.join(',')),
      'blanks.data': ROWS.map(([x = '', y = '', label = '']) => `  ${x.padStart(8)}   ${y.padStart(3)} ${label}  `),
      'blanks.txt': ROWS.map((row) => row.join(' ')),
      'mixed.data': ROWS.map(([x = '', y = '', label = '']) => `${x}   ${y}\t"${label}"`),
    };
    for (const [name, lines] of Object.entries(forms)) {
      const dataset = await open(write(name, lines));
      assert.deepEqual(dataset.preparation, expected, name);
      if (/blanks|mixed/.test(name)) assert.match(toldOf(dataset), /blanks between cells/, name);
    }
  });

  it('are taken for what the teacher says that it was trained to predict', async () => {
    const lines = ['Size,colour,label', ...ROWS.map(([x, y, label]) => `${x ?? ''},${label ?? ''},${y ?? ''}`)];
    const opened = (target: string, own?: string): Promise<Dataset> =>
      openDataset(datasetOptions(write('stated.csv', lines), own === undefined ? {} : { target: own }), {
        baseDirectory: data.folder,
        seed: 0,
        teacher: { input: undefined, output: undefined, target },
      });
    const dataset = await opened('Colour');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['no', 'yes'] });
    assert.match(toldOf(dataset), /The column 'colour' of stated\.csv is predicted, as the teacher's metadata says/);
    assert.deepEqual((await opened('colour', 'Size')).task, { kind: 'regression', targets: ['Size'] });
    assert.doesNotMatch(toldOf(await opened('something else')), /metadata/);
  });

  it('may have texts behind a tab, with quotation marks that are part of them', async () => {
    const words = ['some', 'few', 'more', 'other'];
    const lines = ROWS.map(
      ([x, , label], row) =>
        `${label === 'yes' ? 'spam' : 'ham'}\t${row % 5 === 0 ? '"' : ''}Call ${x ?? ''} with ${words[row % 4] ?? ''} or ${words[row % 3] ?? ''} words, please; ${'and so on '.repeat(row % 6)}`,
    );
    const dataset = await open(write('SMSSpamCollection', lines));
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['ham', 'spam'] });
    assert.equal(dataset.samples.kind, 'tokens');
  });

  it('are texts with a label for every word where empty lines stand between them', async () => {
    const sentence = ['EU NNP B-NP B-ORG', 'rejects VBZ B-VP O', 'calls NNS B-NP O', ''];
    const lines = ['-DOCSTART- -X- O O', '', ...Array.from({ length: 20 }, () => sentence).flat()];
    mkdirSync(join(data.folder, 'conll'));
    for (const name of ['alone.txt', 'conll/train.txt', 'conll/test.txt']) write(name, lines);
    for (const path of ['alone.txt', 'conll']) {
      const dataset = await open(path);
      assert.equal(dataset.task.kind, 'token-classification', path);
      assert.equal(dataset.format, 'CoNLL');
    }
    assert.equal((await open('conll')).test.count, 20);
  });

  it('are refused where they are neither', async () => {
    // A .csv is not divided by blanks.
    const cities = Array.from({ length: 30 }, (_, row) => (row % 2 === 0 ? 'New York' : 'Los Angeles'));
    await assert.rejects(
      open(write('cities.csv', ['city', ...cities])),
      /No column of cities\.csv is left to predict from/,
    );
    const prose = [
      'One line of words,',
      'and another one with more words than that,',
      'a third, then,',
      'and the end.',
    ];
    await assertProblems(open(write('prose.txt', prose)), [/The file prose\.txt in .* is no dataset that is known/]);
    await assertProblems(
      open(
        write(
          'program.py',
          ROWS.map((row) => row.join(',')),
        ),
      ),
      [/is no dataset that is known/],
    );
  });
});
