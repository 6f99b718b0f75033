import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset, DatasetOptions, OpenContext } from '../../../../../src/data/dataset.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { randomStream } from '../../../../../src/data/random.ts';
import { classesOf } from '../../../../../src/data/task.ts';
import { datasetOptions, readSamples, removeFolder, temporaryFolder } from '../../../../support/datasets.ts';

const WORDS = ['the', 'dress', 'fits', 'well', 'and', 'colour', 'is', 'not', 'as', 'shown'];

describe('tables as collections have them', () => {
  let folder: string;
  const random = randomStream(0, 'tables');
  const pick = <Item>(items: readonly Item[]): Item => items[random.integer(items.length)]!;
  const fraction = (scale = 10): string => (scale * random.uniform()).toFixed(3);
  const sentence = (words: number): string => Array.from({ length: words }, () => pick(WORDS)).join(' ');
  const rows = (count: number, cells: (row: number) => readonly (string | number)[], delimiter = ','): string =>
    Array.from({ length: count }, (_, row) => `${cells(row).join(delimiter)}\n`).join('');
  const open = (
    name: string,
    text: string,
    changes: Partial<DatasetOptions> = {},
    context: Partial<OpenContext> = {},
  ): Promise<Dataset> => {
    writeFileSync(join(folder, name), text);
    return openDataset(datasetOptions(name, changes), { baseDirectory: folder, seed: 0, ...context });
  };
  const told = (dataset: Dataset): string => dataset.findings.map(({ message }) => message).join('\n');
  const targetOf = async (dataset: Dataset): Promise<string> =>
    (await dataset.survey?.())?.table?.target?.columns.join() ?? '';

  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
  });

  it('have their target by its name, wherever it stands', async () => {
    for (const [header, target] of [
      ['Survived,Pclass,Fare,Embarked', 'Survived'],
      ['Age,Attrition,Rate,Years', 'Attrition'],
      ['key,fare_amount,distance,passenger_count', 'fare_amount'],
      ['income,median_house_value,rooms,ocean', 'median_house_value'],
      ['step,isFraud,amount,isFlaggedFraud', 'isFraud'],
      ['mpg,cyl,disp,carb', 'mpg'],
      ['default,duration,balance,y', 'y'],
      ['x,amount,loan_status,city', 'loan_status'],
    ] as const) {
      const text = `${header}\n${rows(60, (row) => [row % 2, row % 3, fraction(), row % 2])}`;
      assert.equal(await targetOf(await open('named.csv', text)), target);
    }
  });

  it('have no target that is empty, an identifier, a date or a place', async () => {
    const text = `shade,size,when,longitude,notes,Unnamed: 5\n${rows(80, (row) => [pick(['red', 'blue']), fraction(), `2024-03-${10 + (row % 20)} 10:30`, fraction(), row === 3 ? 'x' : '', ''])}`;
    const dataset = await open('odds.csv', text);
    assert.equal(await targetOf(dataset), 'size');
    assert.match(told(dataset), /'size' of odds.csv is predicted, as it is the last one that may be a target/);
  });

  it('have their classes first where no line names the columns', async () => {
    const wine = await open(
      'wine.data',
      rows(90, (row) => [1 + (row % 3), fraction(), fraction(), 300 + random.integer(900), 200 + random.integer(900)]),
    );
    assert.equal(await targetOf(wine), 'column 1');
    assert.match(told(wine), /as it is the first and the only one that holds classes/);
    const cells = await open(
      'wdbc.data',
      rows(120, (row) => [8_670 + 13 * row, pick(['M', 'B']), fraction(), fraction(), fraction()]),
    );
    assert.equal(await targetOf(cells), 'column 2');
    const letters = await open(
      'letters.data',
      rows(200, () => [pick(['A', 'B', 'C']), random.integer(16), random.integer(16), random.integer(16)]),
    );
    assert.equal(await targetOf(letters), 'column 1');
    const shells = await open(
      'abalone.data',
      rows(200, () => [pick(['M', 'F', 'I']), fraction(), fraction(), 3 + random.integer(40)]),
    );
    assert.equal(await targetOf(shells), 'column 4');
  });

  it('are no rows of sparse numbers, which is found out at once', async () => {
    const text = rows(60, (row) => [row % 2, ...Array.from({ length: 400 }, () => 100 + random.integer(9_000))]);
    const start = performance.now();
    assert.equal((await open('wide.data', text)).task.kind, 'classification');
    assert.ok(performance.now() - start < 5000);
  });

  it('have texts as samples where the target is of texts, or numbers only number them', async () => {
    const labels = await open(
      'toxic.csv',
      `id,comment,toxic,obscene,threat\n${rows(90, (row) => [`x${row}q`, sentence(12), row % 2, pick([0, 1]), pick([0, 1])])}`,
    );
    assert.deepEqual([labels.task.kind, classesOf(labels.task)], ['multi-label', ['toxic', 'obscene', 'threat']]);
    assert.equal(labels.samples.kind, 'tokens');
    const tweets = await open(
      'tweets.csv',
      `tweet_id,airline_sentiment,airline,text,zone\n${rows(90, (row) => [9_000 + row * 7, pick(['good', 'bad']), pick(['A', 'B']), sentence(12), ''])}`,
    );
    assert.equal(await targetOf(tweets), 'airline_sentiment');
    assert.equal(tweets.samples.kind, 'tokens');
    const twice = await open(
      'twice.csv',
      `text,label,label_text\n${rows(90, (row) => [sentence(12), row % 2, row % 2 === 0 ? 'bad' : 'good'])}`,
    );
    assert.deepEqual([await targetOf(twice), twice.samples.kind], ['label', 'tokens']);
    const dated = await open(
      'dated.csv',
      rows(90, (row) => [
        pick([0, 4]),
        1_467_810_369 + 7 * row,
        `Mon Apr ${10 + (row % 20)} 22:1${row % 10}:45 PDT 2009`,
        'NO',
        `user${row}`,
        sentence(12),
      ]),
    );
    assert.equal(await targetOf(dated), 'column 1');
    assert.equal(dated.samples.kind, 'tokens');
  });

  it('have dates as numbers that networks take', async () => {
    const date = (row: number): string => `${1 + (row % 28)}/${1 + (row % 12)}/2024 ${row % 24}:30`;
    const dataset = await open('dates.csv', `when,x,label\n${rows(200, (row) => [date(row), fraction(), row % 2])}`, {
      scaling: 'none',
    });
    assert.ok(dataset.preparation.kind === 'table');
    const parts = dataset.preparation.columns.flatMap((code) => (code.kind === 'number' && code.part ? [code] : []));
    assert.deepEqual(
      parts.map(({ name }) => name),
      [
        ...['when.month', 'when.day', 'when.weekday', 'when.hour', 'when.days', 'when.monday', 'when.tuesday'],
        ...['when.wednesday', 'when.thursday', 'when.friday', 'when.saturday', 'when.sunday'],
        ...['when.yearSine', 'when.yearCosine', 'when.daySine', 'when.dayCosine'],
      ],
    );
    assert.ok(parts.every(({ part }) => part?.dayFirst === true));
    const all = await readSamples(dataset.training, [...Array(dataset.training.count).keys()], 17);
    for (let at = 0; at < all.length; at += 17) {
      const [month = 0, day = 0, weekday = 0, hour = 0, days = 0] = all.subarray(at, at + 5);
      const moment = new Date(Math.round(days * 1440) * 60_000);
      assert.deepEqual([month, day], [moment.getUTCMonth() + 1, moment.getUTCDate()]);
      assert.equal(weekday, (moment.getUTCDay() + 6) % 7);
      assert.ok(Math.abs(hour - moment.getUTCHours() - 0.5) < 0.2);
      assert.deepEqual(
        [...all.subarray(at + 5, at + 12)],
        Array.from({ length: 7 }, (_, day) => Number(day === weekday)),
      );
    }
    const counted = await open(
      'dates.csv',
      `when,x,label\n${rows(200, (row) => [date(row), fraction(), row % 2])}`,
      {},
      { teacher: { input: 6, output: 2 } },
    );
    assert.deepEqual(counted.sampleShape, [6], 'a teacher of an earlier version gets what it knows');
    assert.match(told(counted), /weekday, hour and days since 1970, as far as they differ/);
    const plain = await open(
      'dates.csv',
      `when,x,label\n${rows(200, (row) => [date(row), fraction(), row % 2])}`,
      {},
      { teacher: { input: 1, output: 2 } },
    );
    assert.deepEqual(plain.sampleShape, [1]);
    assert.match(told(plain), /'when' is left out: it holds dates, and the teacher takes 1 values without them/);
  });

  it('have two lines of names, or a first line that counts', async () => {
    const two = await open(
      'two.csv',
      `,X1,X2,Y\nID,LIMIT,PAY_0,default payment\n${rows(60, (row) => [row + 1, fraction(), row % 5, row % 2])}`,
    );
    assert.equal(await targetOf(two), 'default payment');
    assert.match(told(two), /two lines that name the columns/);
    const units = await open(
      'units.csv',
      `height,weight,group\ncm,kg,\n${rows(60, () => [fraction(), fraction(), pick(['a', 'b'])])}`,
    );
    assert.equal(await targetOf(units), 'group');
    assert.deepEqual(units.sampleShape, [2]);
    const counted = await open(
      'counted.csv',
      `60,2,setosa,virginica\n${rows(60, (row) => [fraction(), fraction(), row % 2])}`,
    );
    assert.deepEqual([counted.sampleShape, await targetOf(counted)], [[2], 'column 3']);
    assert.match(told(counted), /the first line \(60, 2, setosa, virginica\) counts the rows and columns/);
    const spam = await open('spam.csv', `v1,v2,,\n${rows(60, () => [pick(['ham', 'spam']), sentence(8), '', ''])}`);
    assert.deepEqual(classesOf(spam.task), ['ham', 'spam']);
  });

  it('may have several tabs between cells, or bars', async () => {
    const seeds = await open(
      'seeds.txt',
      rows(90, (row) => [fraction(), `${fraction()}${row % 30 === 0 ? '\t' : ''}`, fraction(), 1 + (row % 3)], '\t'),
    );
    assert.deepEqual([seeds.sampleShape, classesOf(seeds.task)], [[3], ['1', '2', '3']]);
    assert.deepEqual(
      (await open('bars.psv', `a|b|y\n${rows(60, (row) => [fraction(), fraction(), row % 2], '|')}`)).sampleShape,
      [2],
    );
  });

  it('leave out identifiers that are not all different, and postal codes are no amounts', async () => {
    const text = `CustomerId,zip_code,x,label\n${rows(200, (row) => [15_000_000 + random.integer(900), `${100 + (row % 40)}xx`, fraction(), row % 2])}`;
    const dataset = await open('customers.csv', text);
    assert.match(told(dataset), /'CustomerId' is left out: it has \d+ identifiers in 200 rows/);
    assert.doesNotMatch(told(dataset), /without 'xx'/);
  });

  it('leave out whole numbers that all differ where an identifier is among the words of their name', async () => {
    const text = `SK_ID_CURR,ID_score,x,label\n${rows(200, (row) => [100_002 + 7 * row, 20 + (row % 50), fraction(), row % 2])}`;
    const dataset = await open('loans.csv', text);
    assert.match(told(dataset), /'SK_ID_CURR' is left out: it only numbers the rows/);
    assert.deepEqual(dataset.sampleShape, [2]);
  });

  it('call classes by their numbers where these are written with an exponent', async () => {
    const text = rows(60, (row) => [fraction(), fraction(), `${row % 3}.000000000000000000e+00`]);
    const { task } = await open('saved.csv', `a,b,label\n${text}`);
    assert.deepEqual(task.kind === 'classification' && task.classes, ['0', '1', '2']);
  });

  it('have infinite and huge numbers as missing ones, which is told', async () => {
    const odd = ['inf', '-inf', 'Infinity', '1e308'];
    const dataset = await open(
      'huge.csv',
      `a,b,label\n${rows(200, (row) => [row % 20 === 0 ? odd[(row / 20) % 4]! : fraction(), fraction(), row % 2])}`,
    );
    assert.match(told(dataset), /'inf'.* taken for a missing value/);
    assert.match(told(dataset), /1e\+308 \(line \d+\) and what else is larger than a network can hold/);
    assert.deepEqual(dataset.sampleShape, [3], 'a, whether it is missing, b');
    const all = await readSamples(dataset.training, [...Array(dataset.training.count).keys()], 3);
    assert.ok(all.every((value) => Math.abs(value) < 10));
  });

  it('are used where most rows have no label, as far as they have one', async () => {
    const dataset = await open(
      'few.csv',
      `a,b,label\n${rows(200, (row) => [fraction(), fraction(), row % 4 === 0 ? pick(['x', 'y']) : ''])}`,
    );
    assert.equal(dataset.training.count + dataset.validation.count + dataset.test.count, 50);
    assert.match(told(dataset), /150 of 200 rows, line 3 first, have no value for 'label'/);
  });

  it('tell many constant columns at once', async () => {
    const dataset = await open(
      'flat.csv',
      `label,${Array.from({ length: 30 }, (_, pixel) => `p${pixel}`).join()}\n${rows(60, (row) => [row % 2, fraction(), ...Array<number>(29).fill(0)])}`,
    );
    assert.match(told(dataset), /29 columns are left out, as each is the same in every row: 'p1', 'p2'/);
  });
});
