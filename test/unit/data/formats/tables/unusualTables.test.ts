import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset, DatasetOptions, OpenContext } from '../../../../../src/data/dataset.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { randomStream } from '../../../../../src/data/random.ts';
import { assertProblems, datasetOptions, removeFolder, temporaryFolder } from '../../../../support/datasets.ts';

describe('tables with habits of their own', () => {
  let folder: string;
  const random = randomStream(0, 'unusual tables');
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
  });
  const open = (path: string, changes: Partial<DatasetOptions> = {}, context: Partial<OpenContext> = {}) =>
    openDataset(datasetOptions(path, changes), { baseDirectory: folder, seed: 0, ...context });
  const table = (name: string, head: string, row: (index: number) => string, encoding: BufferEncoding = 'utf8') => {
    const lines = Array.from({ length: 120 }, (_, index) => row(index));
    writeFileSync(join(folder, name), Buffer.from(`${head}\n${lines.join('\n')}\n`, encoding));
    return name;
  };
  const pick = (words: readonly string[]): string => words[random.integer(words.length)] ?? '';
  const number = (): string => random.normal().toFixed(3);
  const columnsOf = ({ preparation }: Dataset): readonly string[] =>
    preparation.kind === 'table' ? preparation.columns.map(({ name }) => name) : [];
  const told = ({ findings }: Dataset): string => findings.map(({ message }) => message).join('\n');

  it('have the euro sign and quotes of Windows-1252', async () => {
    const bytes = Buffer.from('Preis \u0080;Note;Typ\n', 'latin1');
    const rows = Array.from({ length: 30 }, (_, index) => `${index},5;\u0093gut\u0094;${index % 2 === 0 ? 'A' : 'B'}`);
    writeFileSync(join(folder, 'euro.csv'), Buffer.concat([bytes, Buffer.from(rows.join('\n'), 'latin1')]));
    const dataset = await open('euro.csv', { columns: { Note: 'category' } });
    assert.deepEqual(columnsOf(dataset), ['Preis €', 'Note']);
    assert.ok(dataset.preparation.kind === 'table' && dataset.preparation.columns[1]?.kind === 'category');
    assert.deepEqual(dataset.preparation.columns[1].categories, ['“gut”']);
  });

  it('are refused in encodings that would be misread', async () => {
    // Müller in code page 850, which nothing here reads, with a byte that Windows-1252 lacks.
    const rows = Array.from(
      { length: 20 },
      (_, index) => `M\u0081ller${index % 3},${index},${index % 2 === 0 ? 'a' : 'b'}`,
    );
    writeFileSync(join(folder, 'dos.csv'), Buffer.from(`word,x,label\n${rows.join('\n')}\n`, 'latin1'));
    await assertProblems(open('dos.csv'), [
      /Line 2 of dos\.csv is neither UTF-8 nor in an encoding that its words speak for/,
    ]);
  });

  it('are in UTF-16 without a mark', async () => {
    const dataset = await open(
      table('unmarked.csv', 'a,b,label', () => `${number()},${number()},${pick(['é', 'ü'])}`, 'utf16le'),
    );
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['é', 'ü'] });
    assert.deepEqual(columnsOf(dataset), ['a', 'b']);
  });

  it('have names above columns of words alone', async () => {
    const dataset = await open(
      table('answers.csv', 'Age,How was it?,Satisfied?', () =>
        [pick(['18-24', '25-34']), pick(['I agree', 'Neutral']), pick(['Yes', 'No'])].join(','),
      ),
    );
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['No', 'Yes'] });
    assert.deepEqual(columnsOf(dataset), ['Age', 'How was it?']);
    const lines = table('nameless.csv', 'x,s,n', () =>
      [pick(['x', 'b']), pick(['s', 'y']), pick(['n', 't'])].join(','),
    );
    assert.deepEqual(columnsOf(await open(lines)), ['column 1', 'column 2']);
  });

  it('have codes with leading zeros, or more digits than a number keeps, which are no amounts', async () => {
    const row = (index: number): string =>
      [
        `${'0050123'.slice(0, 4)}${index % 5}`,
        `${random.integer(10 ** 9)}0${10 ** 8 + random.integer(10 ** 8)}`,
        `0${1 + (index % 9)}`,
        pick(['a', 'b']),
      ].join(',');
    const dataset = await open(table('codes.csv', 'zip,account,month,label', row));
    assert.match(told(dataset), /The numbers of 'zip' begin with zeros/);
    assert.ok(dataset.preparation.kind === 'table');
    assert.deepEqual(
      dataset.preparation.columns.map(({ name, kind }) => `${name} ${kind}`),
      ['zip category', 'month number'],
    );
    const asked = await open('codes.csv', { columns: { zip: 'number', account: 'ignore' } });
    assert.deepEqual(columnsOf(asked), ['zip', 'month']);
  });

  it('have dates of eight digits, and a minus behind', async () => {
    const row = (index: number): string =>
      [
        `2023${String(1 + (index % 12)).padStart(2, '0')}${String(10 + (index % 17))}`,
        `${100 + index}.50${index % 2 === 0 ? '-' : ''}`,
        pick(['a', 'b']),
      ].join(',');
    const dataset = await open(table('booked.csv', 'booked,balance,label', row), { scaling: 'none' });
    assert.deepEqual(columnsOf(dataset), [
      ...['booked.month', 'booked.day', 'booked.weekday', 'booked.days', 'booked.monday', 'booked.tuesday'],
      ...['booked.wednesday', 'booked.thursday', 'booked.friday', 'booked.saturday', 'booked.sunday'],
      ...['booked.yearSine', 'booked.yearCosine', 'balance'],
    ]);
    assert.match(told(dataset), /'100\.50-' in the column 'balance' is read as -100\.5/);
  });

  it('number queries, which are no feature', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, index) => `${index % 3} qid:${Math.floor(index / 6)} 1:${number()} 2:${number()}`,
    );
    writeFileSync(join(folder, 'rank.svm'), lines.join('\n'));
    const dataset = await open('rank.svm');
    assert.deepEqual(columnsOf(dataset), ['f1', 'f2']);
    assert.match(told(dataset), /"split": \{"group": "qid"\} keeps the rows of each in one split/);
    assert.deepEqual(columnsOf(await open('rank.svm', { split: { group: 'qid' } })), ['f1', 'f2']);
  });

  it('say in a column which split a row is in', async () => {
    const path = table(
      'usage.csv',
      'x,Usage,label',
      (index) =>
        `${number()},${['Training', 'Training', 'PublicTest', 'val'][index % 4] ?? ''},${index % 8 < 4 ? 'a' : 'b'}`,
    );
    const dataset = await open(path);
    assert.deepEqual([dataset.training.count, dataset.validation.count, dataset.test.count], [60, 30, 30]);
    assert.deepEqual(columnsOf(dataset), ['x']);
    assert.match(told(dataset), /The column 'Usage' says which split each row is in/);
    const drawn = await open(path, { columns: { Usage: 'ignore' } });
    assert.deepEqual([drawn.brings, columnsOf(drawn)], [{ validation: false, test: false }, ['x']]);
    const streamed = await open(path, {}, { memory: 1 });
    assert.match(told(streamed), /'Usage' says which split each row is in, and is left out/);
    await streamed.dispose();
  });

  it('have lists of numbers in cells', async () => {
    const row = (): string =>
      `${pick(['x', 'y'])},${Array.from({ length: 6 }, () => random.integer(256)).join(' ')},"(${number()}, ${number()})"`;
    const dataset = await open(table('pixels.csv', 'label,pixels,place', row));
    assert.deepEqual(dataset.sampleShape, [8]);
    assert.deepEqual(columnsOf(dataset).slice(5), ['pixels[5]', 'place[0]', 'place[1]']);
    assert.match(told(dataset), /'pixels' of pixels\.csv are lists of 6 numbers/);
  });

  it('have a class over several columns, labels together in a cell, or several targets', async () => {
    const oneHot = await open(
      table('onehot.csv', 'x,is_cat,is_dog,is_bird', (index) =>
        [number(), ...[0, 1, 2].map((at) => (at === index % 3 ? 1 : 0))].join(','),
      ),
    );
    assert.match(told(oneHot), /One of 'is_cat', 'is_dog' and 'is_bird' is 1 in every row/);
    const tags = await open(table('tags.csv', 'x,tags', () => `${number()},${pick(['c', 'c|linux', 'linux'])}`));
    assert.match(told(tags), /several labels in one cell \('c\|linux'\)/);
    const weather = ['haze', 'clear', 'clear road', 'haze road water', 'clear water', 'water road clear'];
    const blanks = table('blanks.csv', 'x,tags', (index) => `${number()},${weather[index % weather.length] ?? ''}`);
    assert.match(told(await open(blanks)), /several labels in one cell \('clear road'\)/);
    assert.deepEqual((await open(blanks, { task: 'multi-label', target: 'tags' })).task, {
      kind: 'multi-label',
      classes: ['clear', 'haze', 'road', 'water'],
    });
    const answers = ['agree', 'disagree', 'strongly agree', 'strongly disagree'];
    const scale = table('scale.csv', 'x,answer', (index) => `${number()},${answers[index % answers.length] ?? ''}`);
    assert.doesNotMatch(told(await open(scale)), /several labels in one cell/);
    const several = await open(table('several.csv', 'x,y1,y2', () => `${number()},${number()},${number()}`));
    assert.deepEqual(several.task, { kind: 'regression', targets: ['y1', 'y2'] });
  });

  it('have what is predicted in files of their own', async () => {
    const rows = (count: number, row: (index: number) => string): string =>
      Array.from({ length: count }, (_, index) => row(index)).join('\n');
    mkdirSync(join(folder, 'pairs'));
    const write = (name: string, text: string): void => {
      writeFileSync(join(folder, 'pairs', name), text);
    };
    for (const [split, count] of [
      ['train', 60],
      ['test', 20],
    ] as const) {
      write(`X_${split}.csv`, `a,b\n${rows(count, (index) => `${index / 3},${index % 4}`)}\n`);
      write(`y_${split}.csv`, `,kind\n${rows(count, (index) => `${index},${index % 4 > 1 ? 'high' : 'low'}`)}\n`);
    }
    const dataset = await open('pairs');
    assert.deepEqual([dataset.training.count + dataset.validation.count, dataset.test.count], [60, 20]);
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['high', 'low'] });
    assert.match(told(dataset), /The rows of X_train\.csv belong to those of y_train\.csv/);
    write('y_test.csv', 'kind\nlow\n');
    await assertProblems(open('pairs'), [/X_test\.csv has 20 rows, but y_test\.csv has 1/]);
  });

  it('lie deep in a JSON text', async () => {
    const items = Array.from({ length: 40 }, (_, index) => ({ user: { age: index % 7 }, clicked: index % 2 === 0 }));
    writeFileSync(join(folder, 'deep.json'), JSON.stringify({ meta: { count: 40 }, data: { items } }));
    const dataset = await open('deep.json');
    assert.deepEqual(columnsOf(dataset), ['user.age']);
    assert.match(told(dataset), /The rows of deep\.json are its field 'data\.items'/);
  });
});
