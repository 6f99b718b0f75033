import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { assertProblems, datasetOptions, problemsOf } from '../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

/** Ten rows with the numbers from `first` on, as Arrow, which is read without another process. */
function arrowShard(first: number, name = 'x'): Buffer {
  const rows = Array.from({ length: 10 }, (_, row) => first + row);
  const table = tableFromArrays({
    [name]: rows.map((row) => row / 3),
    label: rows.map((row) => (row % 2 === 0 ? 'a' : 'b')),
  });
  return Buffer.from(tableToIPC(table, { format: 'stream' }) ?? []);
}

/** The same as Parquet. */
function shard(first: number): Buffer {
  const rows = Array.from({ length: 10 }, (_, row) => first + row);
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'x', data: rows.map((row) => row / 3), type: 'DOUBLE' },
        { name: 'label', data: rows.map((row) => BigInt(row % 2)), type: 'INT64' },
      ],
    }),
  );
}

const CSV = `x,label\n${Array.from({ length: 20 }, (_, row) => `${row / 3},${row % 2 === 0 ? 'a' : 'b'}`).join('\n')}\n`;

describe('folders of Hugging Face datasets', () => {
  const data = dataFolder('suite');
  const { open } = data;
  const write = (files: Readonly<Record<string, string | Buffer>>, name: string): string => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(data.folder, name, path)), { recursive: true });
      writeFileSync(join(data.folder, name, path), content);
    }
    return name;
  };

  it('have the shards of their splits in data, and names of classes in the README', async () => {
    const readme =
      '---\ndataset_info:\n  features:\n  - name: x\n    dtype: float64\n  - name: label\n    dtype:\n      class_label:\n        names:\n' +
      "          '0': neg\n          '1': pos\n---\n# Reviews\n";
    const dataset = await open(
      write(
        {
          'README.md': readme,
          'data/train-00000-of-00002.parquet': shard(0),
          'data/train-00001-of-00002.parquet': shard(10),
          'data/test-00000-of-00001-0123456789abcdef.parquet': shard(30),
        },
        'reviews',
      ),
    );
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['neg', 'pos'] });
    assert.equal(dataset.training.count + dataset.validation.count, 20);
    assert.equal(dataset.test.count, 10);
  });

  it('have configurations, of which one is chosen or asked about', async () => {
    const converted = write(
      {
        'default/train/0000.arrow': arrowShard(0),
        'default/train/0001.arrow': arrowShard(10),
        'default/test/0000.arrow': arrowShard(20),
      },
      'converted',
    );
    assert.equal((await open(converted)).test.count, 10);
    const languages = write({ 'de/train.csv': CSV, 'fr/train.csv': CSV.replaceAll('a\n', 'c\n') }, 'languages');
    await assertProblems(open(languages), [/languages has several tables: de, fr/]);
    const recording = (class_: string) =>
      Array.from({ length: 5 }, (_, at) => [`${class_}/${at}.csv`, 'x,y\n1,2\n3,4\n5,7\n'] as const);
    const recordings = write(Object.fromEntries([...recording('run'), ...recording('walk')]), 'recordings');
    const [several] = await problemsOf(open(recordings));
    assert.match(
      several?.hint ?? '',
      /Where each file is a recording and its folder the class, make an array of all: py/,
    );
    const french = await open(languages, { table: 'fr' });
    assert.deepEqual(french.task, { kind: 'classification', classes: ['b', 'c'] });
    assert.match(toldOf(french), /The configuration 'fr' of languages is read/);
    await assertProblems(open(languages, { table: 'it' }), [/languages has no 'it'/], 'dataset.table');
    const readme =
      '---\nconfigs:\n- config_name: small\n  default: true\n  data_files:\n  - split: train\n    path: files/s*.csv\n  - split: test\n    path: files/t.csv\n---\n';
    const said = await open(
      write({ 'README.md': readme, 'files/s1.csv': CSV, 'files/t.csv': CSV, 'files/u.csv': CSV }, 'said'),
    );
    assert.equal(said.test.count, 20);
  });

  it('are refused where shards are missing or differ', async () => {
    const missing = write({ 'data/train-00000-of-00002.arrow': arrowShard(0) }, 'missing');
    await assertProblems(open(missing), [/data has 1 of the 2 files of train\.arrow/]);
    const other = write(
      { 'data/train-00000-of-00002.arrow': arrowShard(0), 'data/train-00001-of-00002.arrow': arrowShard(10, 'z') },
      'other',
    );
    await assertProblems(open(other), [
      /train-00001-of-00002\.arrow has the columns z, label, but the files before it have x, label/,
    ]);
    const parts = write({ 'part-00000-a.arrow': arrowShard(0), 'part-00002-a.arrow': arrowShard(10) }, 'parts');
    await assertProblems(open(parts), [/parts has 2 parts of a table, but none with the number 1/]);
    const untrained = write({ 'data/alpha.csv': CSV, 'data/beta.csv': CSV }, 'untrained');
    await assertProblems(open(untrained), [/untrained has no files for the training split/]);
  });

  it('may be the shards alone', async () => {
    const parts = write(
      { _SUCCESS: '', 'part-00000-a.arrow': arrowShard(0), 'part-00001-a.arrow': arrowShard(10) },
      'spark',
    );
    assert.equal((await open(parts, { test: 0.5 })).test.count, 10);
  });

  it('and files of other kinds are refused with the way out', async () => {
    writeFileSync(join(data.folder, 'table.pkl'), 'x');
    await assertProblems(open('table.pkl'), [/table\.pkl is a pickle, which runs whatever program/]);
    await assertProblems(open(write({ 'data.rds': 'x' }, 'fromR')), [/data\.rds is a file of R/]);
  });

  it('may be divided into folders that are called like a column and its value', async () => {
    for (const [index, place] of ['New%20York', 'Rome', '__HIVE_DEFAULT_PARTITION__'].entries()) {
      const inside = join(data.folder, 'divided', `year=${2020 + index}`, `city=${place}`);
      mkdirSync(inside, { recursive: true });
      writeFileSync(join(inside, 'part-00000-abc.arrow'), arrowShard(10 * index));
      writeFileSync(join(data.folder, 'divided', '_SUCCESS'), '');
    }
    const dataset = await openDataset(datasetOptions('divided', { columns: { city: 'category' } }), {
      baseDirectory: data.folder,
      seed: 0,
    });
    assert.equal(dataset.training.count + dataset.validation.count + dataset.test.count, 30);
    assert.ok(dataset.preparation.kind === 'table');
    assert.deepEqual(
      dataset.preparation.columns.map((column) => [
        column.name,
        column.kind === 'category' ? column.categories : column.mean > 0,
      ]),
      [
        ['year', true],
        ['city', ['New York', 'Rome']],
        ['x', true],
      ],
    );
    const told = dataset.findings.map(({ message }) => message).join('\n');
    assert.match(told, /'year' and 'city' are columns by the names of folders, such as year=2020.city=New%20York/);
  });
});
