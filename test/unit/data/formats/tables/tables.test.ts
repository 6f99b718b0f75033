import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset, DatasetOptions, OpenContext } from '../../../../../src/data/dataset.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { randomStream } from '../../../../../src/data/random.ts';
import {
  assertProblems,
  datasetOptions,
  labelsOf,
  readSamples,
  removeFolder,
  temporaryFolder,
} from '../../../../support/datasets.ts';
import { acceptedOrRefused, mutated } from '../../../../support/mutations.ts';

/** A line for each of `count` people: height, eye colour, whether they row, and the class. */
function people(count: number): string {
  const lines = Array.from({ length: count }, (_, row) => {
    const eyes = ['blue', 'green', 'brown'][row % 3]!;
    return `${150 + (row % 7)}.5,${eyes},${row % 2 === 0 ? 'yes' : 'no'},${row % 5 < 2 ? 'tall' : 'short'}`;
  });
  return `height,eyes,rows,class\n${lines.join('\n')}\n`;
}

describe('tables', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
  });
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return name;
  };
  const open = (
    path: string,
    changes: Partial<DatasetOptions> = {},
    context: Partial<OpenContext> = {},
  ): Promise<Dataset> => openDataset(datasetOptions(path, changes), { baseDirectory: folder, seed: 0, ...context });
  const refused = (path: string, changes: Partial<DatasetOptions>, patterns: RegExp[], where = 'dataset.path') =>
    assertProblems(open(path, changes), patterns, where);
  const messagesOf = (dataset: Dataset): string => dataset.findings.map(({ message }) => message).join('\n');

  it('are understood column by column, and fitted to the training split only', async () => {
    const dataset = await open(write('people.csv', people(100)));
    assert.equal(dataset.format, 'CSV');
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['short', 'tall'] });
    assert.deepEqual(dataset.sampleShape, [5]);
    assert.deepEqual([dataset.training.count, dataset.validation.count, dataset.test.count], [72, 8, 20]);
    const { preparation } = dataset;
    assert.ok(preparation.kind === 'table');
    const [height, eyes, rows] = preparation.columns;
    assert.deepEqual(eyes, { name: 'eyes', kind: 'category', categories: ['blue', 'brown', 'green'], missing: false });
    assert.deepEqual(rows, { name: 'rows', kind: 'category', categories: ['no', 'yes'], missing: false });
    const all = Array.from({ length: dataset.training.count }, (_, index) => index);
    const values = await readSamples(dataset.training, all, 5);
    const heights = all.map((row) => values[5 * row]!);
    const mean = heights.reduce((sum, value) => sum + value, 0) / heights.length;
    const square = heights.reduce((sum, value) => sum + value * value, 0) / heights.length;
    assert.ok(Math.abs(mean) < 1e-5 && Math.abs(square - 1) < 1e-5, `${mean} ${square}`);
    assert.ok(height?.kind === 'number' && height.mean > 152 && height.mean < 155);
    for (const row of all) assert.equal(values[5 * row + 1]! + values[5 * row + 2]! + values[5 * row + 3]!, 1);
  });

  it('keep the splits that files bring, with columns in any order', async () => {
    mkdirSync(join(folder, 'splits'));
    write('splits/train.csv', 'a,b,label\n1,x,no\n2,y,yes\n3,x,no\n4,y,yes\n');
    write('splits/validation.csv', 'label;b;a\nyes;y;2\n');
    write('splits/test.tsv', 'a\tb\tlabel\n3\tz\tno\n');
    const dataset = await open('splits', { scaling: 'none' });
    assert.equal(dataset.training.count, 4);
    assert.deepEqual([...labelsOf(dataset.validation)], [1]);
    assert.deepEqual(await readSamples(dataset.validation, [0], 2), Float32Array.of(2, 1));
    // A category that training lacks is none of those it has.
    assert.deepEqual(await readSamples(dataset.test, [0], 2), Float32Array.of(3, 0));
  });

  it('do not change with the limit, so that teacher and student see the same', async () => {
    write('people.csv', people(100));
    const [whole, part] = [await open('people.csv'), await open('people.csv', { limit: 10 })];
    assert.equal(part.training.count, 10);
    assert.deepEqual(part.preparation, whole.preparation);
  });

  it('are regressed on where the target is a number, in units of its deviation', async () => {
    const rows = Array.from({ length: 50 }, (_, row) => `${row % 7},${(row % 11) / 2},${1000 + 37.5 * row}`);
    const dataset = await open(write('prices.csv', `rooms,floor,price\n${rows.join('\n')}`));
    assert.deepEqual(dataset.task, { kind: 'regression', targets: ['price'] });
    const { targets } = dataset.training;
    assert.ok(targets.kind === 'values' && dataset.preparation.kind === 'table');
    const [scale] = dataset.preparation.targets;
    const mean = targets.values.reduce((sum, value) => sum + value, 0) / targets.values.length;
    assert.ok(Math.abs(mean) < 1e-5);
    const inUnits = Array.from(targets.values, (value) => value * scale!.std + scale!.mean);
    for (const price of inUnits) {
      const row = (price - 1000) / 37.5;
      assert.ok(Math.abs(row - Math.round(row)) < 1e-3, String(price));
    }
  });

  it('take several targets of 0 and 1 for labels, others for regression', async () => {
    const rows = Array.from({ length: 20 }, (_, row) => `${row / 3},${row % 2},${row % 3 === 0 ? 1 : 0},${row * 0.7}`);
    write('several.csv', `x,a,b,c\n${rows.join('\n')}`);
    const labels = await open('several.csv', { target: ['a', 'b'] });
    assert.deepEqual(labels.task, { kind: 'multi-label', classes: ['a', 'b'] });
    const numbers = await open('several.csv', { target: ['c', 'a'] });
    assert.deepEqual(numbers.task, { kind: 'regression', targets: ['c', 'a'] });
  });

  it('need no target to match a teacher or to be given back', async () => {
    const rows = Array.from({ length: 30 }, (_, row) => `${row / 3},${(row * 7) % 5},${(row * 3) % 4}`);
    write('states.csv', `x,v,angle\n${rows.join('\n')}`);
    const matching = await open('states.csv', { task: 'matching' });
    assert.deepEqual([matching.task, matching.sampleShape], [{ kind: 'matching' }, [3]]);
    assert.deepEqual(matching.training.targets, { kind: 'none' });
    const reconstruction = await open('states.csv', { task: 'reconstruction' });
    assert.deepEqual(reconstruction.training.targets, { kind: 'samples' });
  });

  it('keep groups in one split', async () => {
    const rows = Array.from({ length: 90 }, (_, row) => `${row * 0.37},p${row % 9},${row % 2}`);
    write('groups.csv', `x,person,label\n${rows.join('\n')}`);
    const dataset = await open('groups.csv', { split: { group: 'person' }, scaling: 'none' });
    assert.deepEqual(dataset.sampleShape, [1]);
    const peopleOf = async (split: Dataset['test']): Promise<Set<number>> => {
      const values = await readSamples(split, [...Array(split.count).keys()], 1);
      return new Set([...values].map((value) => Math.round(value / 0.37) % 9));
    };
    const [training, validation, test] = await Promise.all(
      [dataset.training, dataset.validation, dataset.test].map(peopleOf),
    );
    assert.equal(training!.size + validation!.size + test!.size, 9);
    assert.equal(new Set([...training!, ...validation!, ...test!]).size, 9);
    assert.equal(test!.size, 2);
  });

  it('fill in missing values and say how many there were', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, row) => `${row % 4 === 0 ? '' : row},${row % 5 === 0 ? 'NA' : `c${row % 3}`},${row % 2}`,
    );
    const dataset = await open(write('gaps.csv', `n,c,y\n${rows.join('\n')}`));
    assert.match(messagesOf(dataset), /10 of 40 values of 'n' are missing; the mean stands in for them/);
    assert.match(messagesOf(dataset), /8 of 40 values of 'c' are missing; they are a category of their own/);
    assert.deepEqual(dataset.sampleShape, [1 + 1 + 4]);
    const all = await readSamples(dataset.training, [...Array(dataset.training.count).keys()], 6);
    assert.ok(all.every(Number.isFinite));
    for (let at = 0; at < all.length; at += 6)
      assert.equal(all[at + 1], all[at] === 0 ? 1 : 0, 'says where n is missing');
    const plain = await open('gaps.csv', {}, { teacher: { input: 5, output: 2 } });
    assert.deepEqual(plain.sampleShape, [1 + 4]);
  });

  it('leave out what tells nothing, unless asked to use it', async () => {
    const rows = Array.from({ length: 30 }, (_, row) => `${row},u${row},7,${(row * 7) % 5},${row % 2}`);
    write('idle.csv', `id,user,always,x,y\n${rows.join('\n')}`);
    const dataset = await open('idle.csv');
    assert.deepEqual(dataset.sampleShape, [1]);
    assert.match(messagesOf(dataset), /'id' is left out: it only numbers the rows/);
    assert.match(messagesOf(dataset), /'always' is left out: it is 7 in every row/);
    assert.match(messagesOf(dataset), /'user' is left out: it has 30 different words in 30 rows/);
    const asked = await open('idle.csv', { columns: { id: 'number', user: 'ignore', x: 'category' } });
    assert.deepEqual(asked.sampleShape, [1 + 5]);
    assert.doesNotMatch(messagesOf(asked), /'user'|'id'/);
  });

  it('are read a second time where a column of numbers turns out to have words', async () => {
    const rows = Array.from({ length: 60_000 }, (_, row) => `${row % 10},${row >= 59_000 ? 'x' : row % 3},${row % 2}`);
    const dataset = await open(write('late.csv', `a,b,label\n${rows.join('\n')}`));
    assert.ok(dataset.preparation.kind === 'table');
    assert.deepEqual(dataset.preparation.columns[1], {
      name: 'b',
      kind: 'category',
      categories: ['0', '1', '2', 'x'],
      missing: false,
    });
  });

  it('come in any encoding that can be told', async () => {
    const text = 'größe,farbe,label\n1,grün,ä\n2,blau,ö\n3,grün,ä\n4,blau,ö\n5,rot,ä\n6,rot,ö\n';
    const expected = ['blau', 'grün', 'rot'];
    const files: [string, Uint8Array][] = [
      ['utf8.csv', Buffer.from(text)],
      ['mark.csv', Buffer.from(`\ufeff${text}`)],
      ['utf16.csv', Buffer.from(`\ufeff${text}`, 'utf16le')],
      ['utf16be.csv', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
      ['latin.csv', Buffer.from(text, 'latin1')],
    ];
    for (const [name, bytes] of files) {
      const dataset = await open(write(name, bytes), { validation: 0.2 });
      assert.deepEqual(dataset.task, { kind: 'classification', classes: ['ä', 'ö'] }, name);
      assert.ok(dataset.preparation.kind === 'table');
      assert.deepEqual(dataset.preparation.columns[0]?.name, 'größe', name);
      assert.ok(dataset.preparation.columns[1]?.kind === 'category');
      for (const category of dataset.preparation.columns[1].categories) assert.ok(expected.includes(category), name);
    }
    assert.match(messagesOf(await open('latin.csv')), /was read as Windows-1252/);
    await refused(write('mixed.csv', Buffer.concat([Buffer.from(text), Buffer.from('7,grün,ä\n', 'latin1')])), {}, [
      /Line 8 of mixed.csv is not UTF-8, but other lines are/,
    ]);
  });

  it('are refused with file and line, all problems at once', async () => {
    await refused(write('ragged.csv', 'a,b,c\n1,2,3\n4,5\n6,7,8,9\n'), {}, [
      /Line 3 of ragged.csv has 2 cells, but the header has 3/,
      /Line 4 of ragged.csv has 4 cells, but the header has 3/,
    ]);
    await refused(write('open.csv', 'a,b\n1,"2\n3,4\n'), {}, [
      /Line 2 of open.csv has a quotation mark that is never closed/,
    ]);
    await refused(
      write('gap.csv', 'a,last\n1,x\n2,\n3,\n'),
      { target: 'last' },
      [/Every row of gap.csv has the class 'x'/],
      'dataset.target',
    );
    await refused(write('word.csv', 'a,label\n1,x\ntwo,y\n3,y\n'), { columns: { a: 'number' } }, [
      /Line 3 of word.csv has 'two' in the column 'a', which is no number/,
    ]);
    await refused(write('empty.csv', ''), {}, [/empty.csv is empty/]);
    await refused(write('header.csv', 'a,b,label\n'), {}, [/header.csv has no samples/]);
    await refused(
      write('one.csv', 'a,label\n1,x\n2,x\n'),
      {},
      [/Every row of one.csv has the class 'x'/],
      'dataset.target',
    );
    await refused('people.csv', { target: 'size' }, [/people.csv has no column 'size'/], 'dataset.target');
    await refused(
      'people.csv',
      { target: 'class', task: 'regression' },
      [/'class' has values that are no numbers/],
      'dataset.task',
    );
    mkdirSync(join(folder, 'unlike'));
    write('unlike/train.csv', 'a,label\n1,x\n2,y\n3,x\n');
    write('unlike/test.csv', 'a,label\n1,z\nq,x\n');
    await refused('unlike', {}, [/Line 3 of test.csv has 'q' in the column 'a'/]);
    write('unlike/test.csv', 'a,label\n1,z\n');
    await refused('unlike', {}, [/Line 2 of test.csv has the class 'z', which the training split lacks/]);
  });

  it('of JSON lines are understood alike', async () => {
    const rows = Array.from({ length: 40 }, (_, row) =>
      JSON.stringify({ x: row / 4, c: row % 3 === 0 ? null : `ü${row % 3}`, flag: row % 2 === 0, label: row % 5 }),
    );
    const dataset = await open(write('records.jsonl', rows.join('\r\n')));
    assert.equal(dataset.format, 'JSONL');
    assert.deepEqual(dataset.sampleShape, [1 + 3 + 1]);
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['0', '1', '2', '3', '4'] });
    await refused(write('broken.jsonl', '{"a":1,"y":2}\n{"a":1,\n[1]\n{"a":[1],"y":0}\n'), {}, [
      /Line 2 of broken.jsonl is no JSON/,
      /Line 3 of broken.jsonl is no object/,
    ]);
    await refused(write('nested.jsonl', '{"a":1,"y":2}\n{"a":{},"y":0}\n'), {}, [
      /Line 2 of nested.jsonl has an array or object as 'a'/,
    ]);
  });

  it('that are damaged are read or refused with a sentence, whatever the damage', async () => {
    const random = randomStream(0, 'damaged tables');
    const originals: [string, string][] = [
      ['damaged.csv', people(12).replace('blue', '"blue, ""or"" so"')],
      ['damaged.tsv', `text\tlabel\n${'a b c d\tx\n"d e" f g\ty\n'.repeat(4)}`],
      ['damaged.jsonl', '{"a":1,"label":"x"}\n{"a":2.5,"label":"y"}\n{"a":null,"label":"x"}\n'.repeat(4)],
    ];
    for (const [name, content] of originals) {
      let accepted = 0;
      for (let round = 0; round < 120; round++) {
        write(name, mutated(Buffer.from(content), random));
        if (await acceptedOrRefused(() => open(name, { validation: 0.3, test: 0.3 }))) accepted++;
      }
      assert.ok(accepted > 0 && accepted < 120, `${accepted} of 120 accepted`);
    }
  });
});
