import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset, DatasetOptions, OpenContext } from '../../../../../src/data/dataset.ts';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { assertProblems, datasetOptions, removeFolder, temporaryFolder } from '../../../../support/datasets.ts';

/** Lines `a`, `b`, label of `count` rows; `cell` may write a value in another way. */
function lines(count: number, delimiter: string, cell: (value: string, row: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, row) => {
    const [a, b] = [((row * 37) % 101) / 8 - 6, ((row * 53) % 97) / 4 + 0.125];
    return [cell(a.toFixed(3), row), b.toFixed(3), row % 3 === 0 ? 'no' : 'yes'].join(delimiter);
  });
}

const asIs = (value: string): string => value;

describe('tables as people keep them', () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
  });
  const open = (
    name: string,
    content: string | Uint8Array,
    changes: Partial<DatasetOptions> = {},
    context: Partial<OpenContext> = {},
  ): Promise<Dataset> => {
    writeFileSync(join(folder, name), content);
    return openDataset(datasetOptions(name, changes), { baseDirectory: folder, seed: 0, ...context });
  };
  const told = ({ findings }: Dataset): string => findings.map(({ message }) => message).join('\n');
  /** The columns of numbers, and their means. */
  const means = ({ preparation }: Dataset): Readonly<Record<string, number>> => {
    assert.ok(preparation.kind === 'table');
    return Object.fromEntries(preparation.columns.map((each) => [each.name, each.kind === 'number' ? each.mean : NaN]));
  };
  const plainMeans = async (): Promise<Readonly<Record<string, number>>> =>
    means(await open('plain.csv', ['a,b,label', ...lines(60, ',', asIs)].join('\n')));

  it('are read with decimal commas, whatever the delimiter, line ends and encoding', async () => {
    const wanted = await plainMeans();
    for (const delimiter of [';', '\t', '|']) {
      const rows = ['a,b,label'.replaceAll(',', delimiter), ...lines(60, delimiter, asIs)];
      const text = rows.map((row) => row.replaceAll('.', ',')).join('\r\n');
      const dataset = await open('comma.csv', text);
      assert.deepEqual(means(dataset), wanted, delimiter);
      assert.match(told(dataset), /How comma.csv was read: (?:semicolons|tabs|bars) between cells; decimal commas/);
    }
    const text = ['a;b;label', ...lines(60, ';', asIs)].join('\r').replaceAll('.', ',');
    assert.deepEqual(means(await open('cr.csv', text)), wanted);
    assert.deepEqual(means(await open('wide.csv', Buffer.from(`\ufeff${text}`, 'utf16le'))), wanted);
    const headless = lines(60, ';', asIs).join('\n').replaceAll('.', ',');
    assert.deepEqual(Object.values(means(await open('headless.csv', headless))), Object.values(wanted));
  });

  it('are read with thousands, currencies, units and percentages', async () => {
    const amounts = Array.from({ length: 60 }, (_, row) => 1000 + row * 1234.5);
    const wanted = means(
      await open('plain.csv', ['a,b,label', ...amounts.map((each, row) => `${each},1${row},${row % 2}`)].join('\n')),
    );
    const styles: readonly ((value: number) => string)[] = [
      (value) => `"${value.toLocaleString('en-US')}"`,
      (value) => `"$${value.toLocaleString('en-US')}"`,
      (value) => `${value} kg`,
      (value) => `${value}%`,
      (value) => `"${value.toLocaleString('de-DE')} €"`,
      (value) => `"R$ ${value.toLocaleString('de-DE')}"`,
      (value) => `"USD ${value.toLocaleString('en-US')}"`,
      (value) => `"Rs. ${value.toLocaleString('en-IN')}"`,
      (value) => (value < 30_000 ? `€${value / 1000}K` : `€${value / 1_000_000}M`),
    ];
    for (const style of styles) {
      const rows = amounts.map((each, row) => `${style(each)},1${row},${row % 2}`);
      assert.deepEqual(means(await open('styled.csv', ['a,b,label', ...rows].join('\n'))), wanted, rows[1]);
    }
    const german = amounts.map((each, row) => `${each.toLocaleString('de-DE')};1${row};${row % 2}`);
    assert.deepEqual(means(await open('german.csv', ['a;b;label', ...german].join('\n'))), wanted);
  });

  it('have points between thousands where whole numbers below them have none, and leave codes and other points alone', async () => {
    const counts = Array.from({ length: 60 }, (_, row) => 200 + row * 137);
    const written = (delimiter: string, other: (row: number) => string): string =>
      ['a,b,label'.replaceAll(',', delimiter)]
        .concat(counts.map((each, row) => [each.toLocaleString('de-DE'), other(row), row % 2].join(delimiter)))
        .join('\n');
    const mean = 200 + 137 * 29.5;
    const near = (dataset: Dataset): number => Math.round(Number(means(dataset)['a']) / 300) * 300;
    const thousands = await open(
      'points.csv',
      written(';', (row) => `${row % 7}`),
    );
    assert.equal(near(thousands), Math.round(mean / 300) * 300);
    assert.match(told(thousands), /'1\.022' in the column 'a' is read as 1022/);
    for (const [delimiter, other] of [
      [';', (row) => `${row}.25`],
      [',', (row) => `${row % 7}`],
    ] as const satisfies readonly (readonly [string, (row: number) => string])[])
      assert.ok(Number(means(await open('points.csv', written(delimiter, other)))['a']) < 1000);
    const codes = Array.from({ length: 60 }, (_, row) => `ABC${row % 30},${row % 9},${row % 2}`);
    assert.equal(Number.isNaN(means(await open('codes.csv', ['a,b,label', ...codes].join('\n')))['a']), true);
    const dates = counts.map((_, row) => `${row % 5 === 0 ? '0000-00-00' : `2024-01-${10 + (row % 20)}`},${row % 2}`);
    const empty = await open('zero.csv', ['since,label', ...dates].join('\n'));
    assert.match(told(empty), /12 of 60 values of 'since' are missing/);
    assert.match(told(empty), /The dates of 'since' become numbers/);
  });

  it('take a mark, or a word among many numbers, for a missing value, and say where', async () => {
    for (const mark of ['-', '.', '--', 'unknown']) {
      const text = ['a,b,label', ...lines(60, ',', (value, row) => (row % 20 === 5 ? mark : value))].join('\n');
      const dataset = await open('marks.csv', text);
      assert.deepEqual(Object.keys(means(dataset)), ['a', 'b']);
      assert.ok(
        told(dataset).includes(`'${mark}' (3 times, first in line 7) is taken for a missing value`),
        told(dataset),
      );
      assert.match(told(dataset), /3 of 60 values of 'a' are missing/);
    }
  });

  it('name cells that are mistyped, and leave words alone', async () => {
    const mistyped = lines(60, ',', (value, row) => (row === 5 ? '1O.5' : value));
    const text = ['a,b,label', ...mistyped].join('\n');
    await assertProblems(open('mistyped.csv', text), [
      /^Line 7 of mistyped.csv has '1O.5' in the column 'a', which is no number\.$/,
    ]);
    await open('mistyped.csv', text, { columns: { a: 'ignore' } });
    const sizes = Array.from({ length: 60 }, (_, row) => `${['36', '38', '40', 'XL'][row % 4]!},${row / 3},${row % 2}`);
    const dataset = await open('sizes.csv', ['size,b,label', ...sizes].join('\n'));
    assert.ok(dataset.preparation.kind === 'table');
    assert.equal(dataset.preparation.columns[0]?.kind, 'category');
  });

  it('keep their target beside empty columns, titles, comments and row numbers', async () => {
    const wanted = await plainMeans();
    const rows = lines(60, ',', asIs);
    const variants: Readonly<Record<string, readonly string[]>> = {
      'a delimiter at every end': ['a,b,label,', ...rows.map((row) => `${row},`)],
      'a delimiter at every end but the header': ['a,b,label', ...rows.map((row) => `${row},`)],
      'row numbers of pandas': [',a,b,label', ...rows.map((row, index) => `${index},${row}`)],
      'row numbers in another order': ['Unnamed: 0,a,b,label', ...rows.map((row, index) => `${59 - index},${row}`)],
      'row names of R': ['a,b,label', ...rows.map((row, index) => `${index + 1},${row}`)],
      'a title': ['Measurements of May', '', 'a,b,label', ...rows],
      comments: ['# made by hand', 'a,b,label', ...rows.slice(0, 9), '# a break', ...rows.slice(9)],
      "a header of NumPy's": ['# a,b,label', ...rows],
      'a title from a spreadsheet': ['Measurements of May,,', 'a,b,label', ...rows],
      'negative numbers of accountants': ['a,b,label', ...rows.map((row) => row.replace(/^-([\d.]+)/, '($1)'))],
      'the delimiter': ['sep=,', 'a,b,label', ...rows],
      'empty lines': ['a,b,label', '', ...rows, '', ''],
    };
    for (const [name, variant] of Object.entries(variants)) {
      const dataset = await open('variant.csv', variant.join('\n'));
      assert.deepEqual(means(dataset), wanted, name);
      assert.deepEqual(dataset.task, { kind: 'classification', classes: ['no', 'yes'] }, name);
    }
    const counted = await open('counted.csv', ['0,1,2', ...rows].join('\n'));
    assert.deepEqual(means(counted), { '0': wanted['a'], '1': wanted['b'] });
    const wide = rows.map((row) => row.replace(',', ',7,').replace(/^([^,]*)/, '$1,3'));
    const beside = await open('beside.csv', ['0,1,2,3,label', ...wide].join('\n'));
    assert.deepEqual(beside.task, { kind: 'classification', classes: ['no', 'yes'] });
    assert.deepEqual(means(beside), { '0': wanted['a'], '3': wanted['b'] });
    const named = await open('named.csv', ['of,1,2,3,label', ...wide.map((row) => row.replace(/^/, ''))].join('\n'));
    assert.deepEqual(named.task, { kind: 'classification', classes: ['no', 'yes'] });
    const none = await open('none.csv', ['0,1,2,3,no', ...wide].join('\n'));
    assert.match(told(none), /no line that names the columns/, 'a word that is a value of its column names none');
  });

  it('have classes that are called as they are written', async () => {
    const with3 = (names: readonly string[]) =>
      ['a,label', ...Array.from({ length: 60 }, (_, row) => `${row / 7},${names[row % 3]!}`)].join('\n');
    for (const names of [
      ['001', '002', '010'],
      ['1.0', '2.0', '10.0'],
      ['01', '1', '2'],
      ['12345678901234567890', '12345678901234567891', '12345678901234567892'],
    ]) {
      const dataset = await open('named.csv', with3(names));
      assert.deepEqual(dataset.task, { kind: 'classification', classes: names });
    }
  });

  it('have whole numbers as classes by name, by the teacher, or as told', async () => {
    const numbered = (name: string, most: number, count = 520) =>
      [`${name},a`, ...Array.from({ length: count }, (_, row) => `${1 + (row % most)},${row / 7}`)].join('\n');
    const letters = await open('letters.csv', numbered('label', 26));
    assert.ok(letters.task.kind === 'classification' && letters.task.classes.length === 26);
    assert.match(
      told(letters),
      /'label' has 26 different whole numbers, 1 to 26, in 520 rows; they are taken for classes/,
    );
    const ages = await open('ages.csv', numbered('age', 26), { target: 'age' });
    assert.equal(ages.task.kind, 'regression');
    const warned = ages.findings.find(({ where }) => where === 'dataset.task');
    assert.equal(warned?.severity, 'warning');
    assert.match(warned.hint ?? '', /dataset.task to 'classification'/);
    const known = await open('ages.csv', numbered('age', 26), { target: 'age' }, { teacher: { input: 1, output: 26 } });
    assert.equal(known.task.kind, 'classification');
    const scores = await open('scores.csv', numbered('label', 26), {}, { teacher: { input: 1, output: 1 } });
    assert.equal(scores.task.kind, 'regression');
  });

  it('keep a constant column that the teacher takes', async () => {
    const text = ['zero,a,b,label', ...lines(60, ',', asIs).map((row) => `0,${row}`)].join('\n');
    assert.deepEqual((await open('constant.csv', text)).sampleShape, [2]);
    const dataset = await open('constant.csv', text, {}, { teacher: { input: 3, output: 2 } });
    assert.deepEqual(dataset.sampleShape, [3]);
    assert.match(told(dataset), /'zero' is 0 in every row; it is kept, as the teacher takes 3 values/);
  });

  it('leave out rows without a target, and say so', async () => {
    const rows = lines(60, ',', asIs).map((row, index) =>
      [`2024-0${1 + (index % 9)}-${10 + (index % 19)}`, index === 4 ? row.replace(/\w+$/, '') : row].join(','),
    );
    const dataset = await open('gaps.csv', ['day,a,b,label', ...rows].join('\n'));
    assert.equal(dataset.training.count + dataset.validation.count + dataset.test.count, 59);
    assert.match(told(dataset), /gaps.csv: line 6 has no value for 'label', which is to be predicted, and is left out/);
    assert.match(told(dataset), /The dates of 'day' become numbers: year, month, day/);
    // Without year, hour and the circle of the day, which are the same in every row; with seven days and two of the circle of the year.
    assert.deepEqual(dataset.sampleShape, [2 + 4 + 7 + 2]);
  });

  it('do not use a test file without labels, and predict what it lacks', async () => {
    mkdirSync(join(folder, 'contest'));
    const rows = lines(60, ',', asIs).map((row) => row.split(','));
    const test = ['a,b', ...rows.slice(0, 9).map(([a, b]) => `${a!},${b!}`)];
    writeFileSync(join(folder, 'contest/test.csv'), test.join('\n'));
    const training = ['a,outcome,b', ...rows.map(([a, b, label]) => `${a!},${label!},${b!}`)];
    writeFileSync(join(folder, 'contest/train.csv'), training.join('\n'));
    const dataset = await openDataset(datasetOptions('contest'), { baseDirectory: folder, seed: 0 });
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['no', 'yes'] });
    assert.deepEqual([dataset.training.count, dataset.test.count], [43, 12]);
    assert.match(told(dataset), /'outcome' is predicted, as it is the one that test.csv lacks/);
    assert.match(told(dataset), /test.csv is unlabelled/);
  });

  it('predict what became of somebody rather than what they are, and say what else may be meant', async () => {
    const rows = lines(60, ',', asIs).map((row) => row.split(','));
    const table = [
      'survived,a,class,b',
      ...rows.map(([a, b, label]) => `${label!},${a!},${Number(a) > 0 ? 'First' : 'Third'},${b!}`),
    ];
    writeFileSync(join(folder, 'ship.csv'), table.join('\n'));
    const dataset = await openDataset(datasetOptions('ship.csv'), { baseDirectory: folder, seed: 0 });
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['no', 'yes'] });
    assert.match(told(dataset), /'survived' of ship\.csv is predicted, as its name says \(so does 'class'\)/);
  });
});
