import assert from 'node:assert/strict';
import { assertProblems } from '../../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../../support/dataFolder.ts';

/** A table of `count` rows with a line of names above. */
function table(names: string, count: number, cells: (row: number) => readonly (string | number)[]): string {
  return [names, ...Array.from({ length: count }, (_, row) => cells(row).join(','))].join('\n');
}

describe('what is doubtful about tables', () => {
  const { open, write } = dataFolder('test');

  it('are numbers far from all others in many rows, which may stand for missing values', async () => {
    const cells = (row: number): readonly number[] => [row % 6 === 0 ? -999 : 4 + (row % 32), row % 7, row % 2];
    write('marks.csv', table('t,u,label', 60, cells));
    assert.match(
      toldOf(await open('marks.csv')),
      /10 of 60 values of 't' are -999, far from the others \(4 to 35\); they count as/,
    );
    write(
      'few.csv',
      table('t,u,label', 60, (row) => [row === 7 ? -999 : 4 + (row % 32), row % 7, row % 2]),
    );
    assert.doesNotMatch(toldOf(await open('few.csv')), /far from/, 'a single one is an error of its own');
    write(
      'zeros.csv',
      table('t,u,label', 60, (row) => [row % 3 === 0 ? 0 : row, row % 7, row % 2]),
    );
    assert.doesNotMatch(toldOf(await open('zeros.csv')), /far from/, 'as near as others are');
    const names = Array.from({ length: 8 }, (_, at) => `s${at}`);
    write(
      'all.csv',
      table(`${names.join(',')},label`, 60, (row) => [
        ...names.map((_, at) => (row % 6 === 0 ? -200 : row + at)),
        row % 2,
      ]),
    );
    const told = toldOf(await open('all.csv'));
    assert.match(
      told,
      /8 columns have a number in many rows that is far from all others, such as -200 in 10 of 60 values of 's0'/,
    );
  });

  it('are persons of whom both training and test have rows', async () => {
    const of = (first: number) => (row: number) => [row / 3, `p${first + Math.floor(row / 6)}`, row % 2];
    write('shared/train.csv', table('a,patient,label', 120, of(0)));
    write('shared/test.csv', table('a,patient,label', 30, of(18)));
    const told = /2 of 5 different 'patient' of the test split are in the training split too/;
    assert.match(toldOf(await open('shared')), told);
    write('shared/test.csv', table('a,patient,label', 30, of(20)));
    assert.doesNotMatch(toldOf(await open('shared')), /in the training split too/);
  });

  it('are categories that only the test has', async () => {
    const of = (kinds: readonly string[]) => (row: number) => [
      row,
      kinds[row % kinds.length] ?? '',
      `m${row % 3}`,
      row % 2,
    ];
    write('data/train.csv', table('a,k,m,label', 60, of(['u', 'v', 'v'])));
    write('data/test.csv', table('a,k,m,label', 20, of(['u', 'v', 'w', 'u'])));
    const message =
      /5 of 20 rows of test\.csv have a value of 'k' that no sample to train with has, 'w' \(line 4\) first; they count as 'u'/;
    assert.match(toldOf(await open('data')), message);
    write(
      'data/test.csv',
      table('a,k,m,label', 20, (row) => [row, 'u', row % 2 === 0 ? 'm1' : 'm9', row % 2]),
    );
    assert.match(
      toldOf(await open('data')),
      /10 of 20 rows of test\.csv have a value of 'm' .*'m9' \(line 3\) first; they are none/,
    );
    write('data/test.csv', table('a,k,m,label', 20, of(['u', 'v'])));
    assert.doesNotMatch(toldOf(await open('data')), /no sample to train with has/);
  });

  it('are rows of the same person in splits that are drawn', async () => {
    write(
      'visits.csv',
      table('patient_id,a,label', 60, (row) => [Math.floor(row / 6), (row * 37) % 11, row % 2]),
    );
    const told = /60 rows are of 10 different 'patient_id', and rows of the same may be in several splits/;
    assert.match(toldOf(await open('visits.csv')), told);
    assert.doesNotMatch(toldOf(await open('visits.csv', { split: { group: 'patient_id' } })), told);
    write(
      'persons.csv',
      table('patient_id,a,label', 60, (row) => [row, (row * 37) % 11, row % 2]),
    );
    assert.doesNotMatch(toldOf(await open('persons.csv')), /in several splits/, 'each has one row');
  });

  it('are classes that differ only in how they are written, but not in their sign', async () => {
    const of = (names: readonly string[]) => (row: number) => [row * row, names[row % names.length] ?? ''];
    write('spelled.csv', table('a,label', 60, of(['true', 'True', 'TRUE', 'no_way', 'no way'])));
    const told = toldOf(await open('spelled.csv'));
    assert.match(told, /has the classes 'TRUE', 'True' and 'true', which differ only/);
    assert.match(told, /has the classes 'no way' and 'no_way', which differ only/);
    write('signs.csv', table('a,label', 60, of(['-1', '1', '0'])));
    assert.doesNotMatch(toldOf(await open('signs.csv')), /differ only/);
  });

  it('are classes that say that there is no value', async () => {
    const of = (names: readonly string[]) => (row: number) => [row * row, names[row % names.length] ?? ''];
    write('codes.csv', table('a,continent', 60, of(['EU', 'NA', 'AS', 'AF'])));
    const { findings } = await open('codes.csv');
    const hints = findings.map(({ hint }) => hint).join('\n');
    assert.match(hints, /^Cells that say 'NA' count as empty: write them otherwise if they are a class\./m);
    write('one.csv', table('a,continent', 60, of(['EU', 'NA', 'EU'])));
    await assertProblems(
      open('one.csv', { target: 'continent' }),
      [/Every row of one\.csv has the class 'EU'/],
      'dataset.target',
    );
  });

  it('are empty texts, which are no category', async () => {
    write(
      'texts.csv',
      table('text,label', 60, (row) => [row % 6 === 0 ? '' : `the film of ${row} was so so`, row % 2]),
    );
    assert.match(toldOf(await open('texts.csv')), /10 of 60 values of 'text' are missing; they are empty texts/);
  });
});
