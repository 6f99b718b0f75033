import assert from 'node:assert/strict';
import { dataFolder, toldOf } from '../../../../support/dataFolder.ts';

/** Rows of a table, and the number of each. */
const rows = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, at) => from + at);

describe('numbers that are written otherwise', () => {
  const { open, write } = dataFolder('test', { scaling: 'none' });
  const valuesOf = async (
    path: string,
    width: number,
    split: 'training' | 'test' = 'training',
  ): Promise<Float32Array> => {
    const dataset = await open(path, { validation: 0.1, test: 0.1 });
    assert.deepEqual(dataset.sampleShape, [width]);
    const target = new Float32Array(width * dataset[split].count);
    await dataset[split].read([...Array(dataset[split].count).keys()], target);
    return target;
  };
  const table = (head: string, from: number, to: number, cell: (row: number) => string): string =>
    [head, ...rows(from, to).map((row) => `${cell(row)},${row % 2 === 0 ? 'a' : 'b'}`)].join('\n');

  it('are larger than any, and count as missing, which is told', async () => {
    write(
      'beyond.csv',
      table('a,kind', 0, 60, (row) => (row === 9 ? '1e999' : row === 20 ? '-2.5E+400' : `${row}.5`)),
    );
    assert.match(toldOf(await open('beyond.csv')), /Infinity \(line 11\) and what else is larger/);
    assert.match(toldOf(await open('beyond.csv')), /2 of 60 values of 'a' are missing/);
  });

  it('are pairs, a column for each part, and durations, which is told', async () => {
    write(
      'pairs.csv',
      table('bp,kind', 0, 60, (row) => `${100 + row}/${60 + (row % 30)}`),
    );
    const values = await valuesOf('pairs.csv', 2);
    assert.ok(values.every((value, at) => (at % 2 === 0 ? value >= 100 : value < 90)));
    assert.match(toldOf(await open('pairs.csv')), /The cells of the column 'bp' .* lists of 2 numbers/);
    write(
      'sizes.csv',
      table('size,kind', 0, 60, (row) => `${row}.5 x ${1 + (row % 9)} x 3 cm`),
    );
    assert.equal((await open('sizes.csv')).sampleShape[0], 2);
    write(
      'waits.csv',
      table('wait,kind', 0, 60, (row) => `${row % 3} days 02:${10 + (row % 50)}:04`),
    );
    const dataset = await open('waits.csv');
    assert.deepEqual(dataset.sampleShape, [1]);
    assert.match(toldOf(dataset), /are durations and are read as seconds: '0 days 02:10:04' as 7804\./);
  });

  it('are no pairs where they are dates, names or few categories', async () => {
    write(
      'months.csv',
      table('month,kind', 0, 60, (row) => `${2000 + (row % 20)}/${1 + (row % 12)}`),
    );
    assert.match(toldOf(await open('months.csv')), /The dates of 'month'/);
    write(
      'few.csv',
      table('ratio,kind', 0, 60, (row) => ['16/9', '4/3', '1/1'][row % 3] ?? ''),
    );
    assert.equal((await open('few.csv')).sampleShape[0], 3);
    write(
      'codes.csv',
      table('case_no,x,kind', 0, 60, (row) => `${row}/2024,${row % 7}`),
    );
    assert.match(toldOf(await open('codes.csv')), /'case_no' is left out/);
  });

  it('are read in other splits as in that to train with', async () => {
    // Four minutes, as others take more than an hour; alone they could be hours.
    write(
      'splits/train.csv',
      table('length,kind', 0, 60, (row) => (row % 2 === 0 ? `1:02:${10 + (row % 50)}` : `4:${10 + (row % 50)}`)),
    );
    write(
      'splits/test.csv',
      table('length,kind', 0, 4, () => '4:33'),
    );
    assert.deepEqual([...(await valuesOf('splits', 1, 'test'))], [273, 273, 273, 273]);
    write(
      'others/train.csv',
      table('bp,kind', 0, 60, (row) => `${100 + row}/${60 + row}`),
    );
    write(
      'others/test.csv',
      table('bp,kind', 0, 4, () => '120/80'),
    );
    assert.deepEqual([...(await valuesOf('others', 2, 'test'))].slice(0, 4), [120, 80, 120, 80]);
  });

  it('are texts of JSON as they are cells of CSV', async () => {
    const records = rows(0, 60).map((row) => ({
      toll: `$1,${200 + row}`,
      weight: `${row}.5 kg`,
      pressure: `${100 + (row % 50)}/${60 + (row % 37)}`,
      share: row === 7 ? 'n/a' : `${row}%`,
      kind: row % 2 === 0 ? 'a' : 'b',
    }));
    write('records.json', JSON.stringify(records));
    const values = await valuesOf('records.json', 5);
    assert.ok(values.every((value, at) => at % 5 !== 0 || (value >= 1200 && value < 1260)));
    assert.match(toldOf(await open('records.json')), /'\$1,200' in the column 'toll' is read as 1200/);
    // A class that is a number in a text is one, and words beside numbers are words.
    write(
      'words.json',
      JSON.stringify(rows(0, 40).map((row) => ({ x: row / 7, code: `A${row % 4}`, label: String(row % 3) }))),
    );
    assert.deepEqual((await open('words.json')).task, { kind: 'classification', classes: ['0', '1', '2'] });
  });

  it('are shares of the same number, deviations behind a sign, and end with a semicolon', async () => {
    write(
      'shares.csv',
      table(
        'note,deviation,last;,kind',
        0,
        60,
        (row) => `${1 + (row % 10)}/10,${row}.5 ± 0.${1 + (row % 8)},${row % 9};`,
      ),
    );
    const dataset = await open('shares.csv');
    assert.deepEqual(dataset.sampleShape, [4]);
    assert.match(
      toldOf(dataset),
      /'note' of shares\.csv are pairs with the same second number, and are read as the first/,
    );
    assert.match(toldOf(dataset), /'0;' in the column 'last;' is read as 0, without ';'/);
  });

  it('have no lines between them that name the columns again', async () => {
    const part = (from: number, to: number): string =>
      table('size,colour,kind', from, to, (row) => `${row / 7},${row % 3 === 0 ? 'red' : 'blue'}`);
    write('joined.csv', `${part(0, 30)}\n${part(30, 60)}\n`);
    const dataset = await open('joined.csv');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['a', 'b'] });
    assert.equal(dataset.training.count + dataset.validation.count + dataset.test.count, 60);
    assert.deepEqual(dataset.sampleShape, [2]);
    assert.match(toldOf(dataset), /joined\.csv names its columns again in 1 lines, line 32 first, which are no rows/);
  });

  it('stand beside the only words of a table without names, which are its classes', async () => {
    const lines = rows(0, 90).map(
      (row) => `${1 + (row % 25)},${['walk', 'sit', 'run'][row % 3] ?? ''},${row}000,${row / 7},${row / 9};`,
    );
    write('motion.txt', lines.join('\n'));
    const dataset = await open('motion.txt');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['run', 'sit', 'walk'] });
  });

  it('belong to columns whose names another split writes otherwise, which is told', async () => {
    write(
      'named/train.csv',
      table('size_m,colour,kind', 0, 60, (row) => `${row / 7},${row % 3 === 0 ? 'red' : 'blue'}`),
    );
    write(
      'named/test.csv',
      table('Size M,Colour,Kind', 0, 10, (row) => `${row / 7},${row % 3 === 0 ? 'red' : 'blue'}`),
    );
    const dataset = await open('named', { validation: 0.1 });
    assert.equal(dataset.test.count, 10);
    assert.match(
      toldOf(dataset),
      /test\.csv writes names of 3 columns otherwise than train\.csv, such as 'Size M' for 'size_m'/,
    );
  });

  it('are asked for where the target holds dates, which are no classes unless the experiment says so', async () => {
    write(
      'dates.csv',
      ['x,day', ...rows(0, 60).map((row) => `${row / 7},2024-0${1 + (row % 2)}-${10 + (row % 15)}`)].join('\n'),
    );
    await assert.rejects(
      open('dates.csv', { target: 'day' }),
      /holds 30 different dates or times, which are no classes/,
    );
    assert.equal((await open('dates.csv', { target: 'day', task: 'classification' })).task.kind, 'classification');
  });
});
