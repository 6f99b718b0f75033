import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import initSqlJs from 'sql.js';
import type { Dataset, DatasetOptions } from '../../../../../src/data/dataset.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import {
  assertProblems,
  datasetOptions,
  problemsOf,
  removeFolder,
  temporaryFolder,
} from '../../../../support/datasets.ts';
import { randomStream } from '../../../../../src/data/random.ts';
import { acceptedOrRefused, mutated } from '../../../../support/mutations.ts';
import { odsFile, xlsxFile, type Sheets } from '../../../../support/workbooks.ts';

const ROWS = Array.from({ length: 30 }, (_, row) => ({
  x: row / 4 - 2,
  colour: row % 3 === 0 ? null : `c${row % 3}`,
  label: row % 2 === 0 ? 'a' : 'b',
}));
const CELLS = [['x', 'colour', 'label'], ...ROWS.map(({ x, colour, label }) => [x, colour, label])];

describe('tables of other programs', () => {
  let folder: string;
  let plain: Dataset;
  before(async () => {
    folder = temporaryFolder();
    plain = await open(write('plain.csv', CELLS.map((row) => row.join(',')).join('\n')));
  });
  after(() => {
    removeFolder(folder);
  });
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return name;
  };
  const open = (path: string, changes: Partial<DatasetOptions> = {}): Promise<Dataset> =>
    openDataset(datasetOptions(path, changes), { baseDirectory: folder, seed: 0 });
  const told = ({ findings }: Dataset): string => findings.map(({ message }) => message).join('\n');

  it('are workbooks, of which the only sheet that is a table is read', async () => {
    const sheets: Sheets = { Notes: [['Fruit of 2026']], Data: CELLS };
    for (const name of [write('book.xlsx', xlsxFile(sheets)), write('book.ods', odsFile(sheets))]) {
      const dataset = await open(name);
      assert.deepEqual(dataset.preparation, plain.preparation, name);
      assert.match(told(dataset), new RegExp(`Of ${name}, the sheet 'Data' is read, the only one that is a table`));
    }
  });

  it('are workbooks whose sheets of descriptions are no data', async () => {
    const name = write(
      'described.xlsx',
      xlsxFile({ 'Data Dictionary': CELLS.slice(0, 11), Fruit: CELLS, About: CELLS }),
    );
    const dataset = await open(name);
    assert.deepEqual(dataset.preparation, plain.preparation);
    assert.match(told(dataset), /the sheet 'Fruit' is read, and not 'Data Dictionary' and 'About', which by its name/);
    assert.match(told(await open(write('only.xlsx', xlsxFile({ About: CELLS })))), /^/);
  });

  it('are workbooks whose sheets are chosen, or are the splits', async () => {
    const several = { One: CELLS, Two: CELLS.slice(0, 11) };
    const splits = { train: CELLS, test: CELLS.slice(0, 11) };
    for (const [ending, file] of [
      ['xlsx', xlsxFile],
      ['ods', odsFile],
    ] as const) {
      const name = write(`several.${ending}`, file(several));
      const first = await open(name);
      assert.match(told(first), /2 sheets that are tables; the first, 'One', is read, and 'Two' is not/);
      assert.equal(first.training.count + first.validation.count + first.test.count, 30);
      const second = await open(name, { table: 'Two' });
      assert.equal(second.training.count + second.validation.count + second.test.count, 10);
      await assertProblems(open(name, { table: 'Three' }), [/has no sheet 'Three'/], 'dataset.table');
      assert.equal((await open(write(`splits.${ending}`, file(splits)))).test.count, 10);
    }
  });

  it('are workbooks with durations, and with notes below the table, which are left out', async () => {
    const rows = Array.from({ length: 30 }, (_, row) => [{ duration: row / 7 }, row / 3, row % 2 === 0 ? 'a' : 'b']);
    const path = join(folder, 'noted.xlsx');
    writeFileSync(path, xlsxFile({ Sheet: [['took', 'x', 'kind'], ...rows, [], ['Source: our own'], [], ['2024']] }));
    const dataset = await openDataset(datasetOptions(path, { scaling: 'none', validation: 0.1, test: 0.1 }), {
      baseDirectory: folder,
      seed: 0,
    });
    assert.deepEqual(dataset.sampleShape, [2]);
    assert.equal(dataset.training.count + dataset.validation.count + dataset.test.count, 30);
    const told = dataset.findings.map(({ message }) => message).join('\n');
    assert.match(told, /2 rows of one cell below the table and an empty row are notes and are left out/);
    assert.match(told, /durations and are read as seconds: '0:00:00' as 0/);
  });

  it('are workbooks with dates, empty cells, errors and formulas', async () => {
    const rows = ROWS.map(({ label }, row) => [
      { date: 45_000 + row },
      row % 5 === 0 ? null : row % 7,
      row === 3 ? { error: '#N/A' } : row % 4,
      row === 4 ? { formula: 'A1' } : 2 * (row % 3),
      label,
    ]);
    const dataset = await open(
      write('odd.xlsx', xlsxFile({ Data: [['A title'], [], ['day', 'gap', 'e', 'f', 'label'], ...rows] })),
    );
    assert.match(told(dataset), /The dates of 'day' become numbers/);
    assert.match(told(dataset), /6 of 30 values of 'gap' are missing/);
    assert.match(told(dataset), /1 cells hold an error such as #N\/A/);
    assert.match(told(dataset), /1 formulas have no stored value/);
  });

  it('are ARFF, dense or sparse', async () => {
    const head =
      '% Fruit\n@RELATION fruit\n\n@attribute x numeric\n@attribute colour {c1,c2}\n@attribute label {a,b}\n@DATA\n';
    const dense = await open(
      write(
        'dense.arff',
        head +
          CELLS.slice(1)
            .map(([x, colour, label]) => `${x ?? ''}, ${colour ?? '?'}, '${label ?? ''}'`)
            .join('\n'),
      ),
    );
    assert.deepEqual(dense.preparation, plain.preparation);
    const sparse = await open(
      write(
        'sparse.arff',
        head + ROWS.map(({ x, label }, row) => (row % 2 === 0 ? `{0 ${x}}` : `{0 ${x}, 1 c2, 2 ${label}}`)).join('\n'),
      ),
    );
    assert.deepEqual(sparse.task, { kind: 'classification', classes: ['a', 'b'] });
    await assertProblems(open(write('bad.arff', `${head}1,c1\n2,c3,a\nx,c1,a\n`)), [
      /Line 8 of bad\.arff has 2 values, but there are 3 attributes/,
      /Line 9 of bad\.arff has 'c3' for 'colour', which is none of its values/,
      /Line 10 of bad\.arff has 'x' for 'x', which is no number/,
    ]);
  });

  it('are LIBSVM, counted from 0 or 1, whatever the name', async () => {
    const lines = (first: number) =>
      ROWS.map(({ x }, row) => `${row % 2 === 0 ? '+1' : '-1'} ${first}:${x} ${first + 2}:${row % 5}`).join('\n');
    const one = await open(write('a9a', lines(1)));
    assert.deepEqual(one.task, { kind: 'classification', classes: ['-1', '1'] });
    assert.match(told(one), /begin at 1, as none is 0, and go to 3/);
    assert.match(told(one), /'f2' is left out/);
    write('zero.svm.t', lines(0));
    const zero = await open(write('zero.svm', lines(0)));
    assert.match(told(zero), /begin at 0, and go to 2[\s\S]*zero\.svm\.t is the test split/);
    assert.equal(zero.test.count, 30);
    await assertProblems(open(write('bad.svm', '1 1:2\n1,2 1:3\n1 x:3\n')), [
      /Line 2 of bad\.svm has several labels/,
      /Line 3 of bad\.svm has 'x:3'/,
    ]);
    await assertProblems(open(write('wide.svm', `1 1:2\n0 9999999:3\n${'1 1:1\n'.repeat(4000)}`)), [
      /more than a quarter of the memory/,
    ]);
  });

  it('are SQLite: the only table, a named one, or what a query gives', async () => {
    const { Database } = await initSqlJs();
    const database = new Database();
    database.run('CREATE TABLE fruit (x REAL, colour TEXT, label TEXT)');
    for (const { x, colour, label } of ROWS) database.run('INSERT INTO fruit VALUES (?, ?, ?)', [x, colour, label]);
    const alone = await open(write('fruit.sqlite', database.export()));
    assert.deepEqual(alone.preparation, plain.preparation);
    database.run('CREATE TABLE other AS SELECT * FROM fruit LIMIT 10');
    const several = write('several.data', database.export());
    database.close();
    const [problem] = await problemsOf(open(several));
    assert.match(problem?.message ?? '', /several\.data has 2 tables: fruit, other/);
    assert.match(problem?.hint ?? '', /dataset\.table/);
    assert.deepEqual((await open(several, { table: 'fruit' })).preparation, plain.preparation);
    const asked = await open(several, { table: "SELECT x, label FROM fruit WHERE colour = 'c1'" });
    assert.equal(asked.training.count + asked.validation.count + asked.test.count, 10);
    await assertProblems(open(several, { table: 'none' }), [/has no table 'none'/], 'dataset.table');
    await assertProblems(
      open(several, { table: 'SELECT y FROM fruit' }),
      [/The query is refused: no such column: y/],
      'dataset.table',
    );
  });

  it('that are damaged are refused in a sentence', async () => {
    const cases: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
      ['text.xlsx', 'x,y\n1,2\n', /text\.xlsx cannot be read as a workbook/],
      ['short.xlsx', xlsxFile({ Data: CELLS }).subarray(0, 500), /short\.xlsx cannot be read as a workbook/],
      ['empty.xlsx', xlsxFile({ Data: [] }), /empty\.xlsx has no sheet that is a table; it has 'Data'/],
      ['text.db', 'x,y\n1,2\n', /text\.db cannot be read as an SQLite database/],
      ['empty.arff', '@relation x\n@attribute a numeric\n@data\n', /empty\.arff has no rows/],
    ];
    for (const [name, content, pattern] of cases) await assertProblems(open(write(name, content)), [pattern]);
  });

  it('that are disfigured are read or refused with a sentence', async () => {
    const { Database } = await initSqlJs();
    const database = new Database();
    database.run('CREATE TABLE fruit (x REAL, label TEXT)');
    for (const { x, label } of ROWS) database.run('INSERT INTO fruit VALUES (?, ?)', [x, label]);
    const originals: readonly (readonly [string, Uint8Array])[] = [
      ['m.xlsx', xlsxFile({ Data: CELLS })],
      ['m.ods', odsFile({ Data: CELLS })],
      ['m.db', database.export()],
      ['m.svm', Buffer.from(ROWS.map(({ x }, row) => `${row % 2} 1:${x} 3:${row % 5}`).join('\n'))],
      [
        'm.arff',
        Buffer.from(
          `@relation m\n@attribute x numeric\n@attribute l {a,b}\n@data\n${ROWS.map(({ x, label }) => `${x},${label}`).join('\n')}`,
        ),
      ],
    ];
    database.close();
    const random = randomStream(0, 'disfigured tables');
    for (const [name, content] of originals) {
      for (let round = 0; round < 12; round++) {
        await acceptedOrRefused(() => open(write(name, mutated(content, random))));
      }
    }
  });
});
