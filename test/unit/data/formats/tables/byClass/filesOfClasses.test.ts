import assert from 'node:assert/strict';
import { areOpposites } from '../../../../../../src/data/formats/oppositeNames.ts';
import { assertProblems } from '../../../../../support/datasets.ts';
import { dataFolder, toldOf } from '../../../../../support/dataFolder.ts';

describe('a file of every class', () => {
  const { open, write } = dataFolder('suite');
  const lines = (count: number, text: (row: number) => string): string =>
    Array.from({ length: count }, (_, row) => text(row)).join('\n');
  const classesOf = async (folder: string): Promise<readonly string[]> => {
    const { task } = await open(folder);
    return task.kind === 'classification' ? task.classes : [];
  };

  it('has a text in every line, in any encoding, by names that are opposites or say no more', async () => {
    write(
      'opposites/rt-polarity.pos',
      lines(30, (row) => `so good, number ${row}`),
    );
    write(
      'opposites/rt-polarity.neg',
      Buffer.from(
        lines(30, (row) => `so bad, déjà vu number ${row}`),
        'latin1',
      ),
    );
    assert.deepEqual(await classesOf('opposites'), ['neg', 'pos']);
    assert.match(toldOf(await open('opposites')), /taken for samples of the classes that the files are called like/);
    write(
      'topics/sport.txt',
      lines(30, (row) => `the team won${' again'.repeat(row % 3)} ${row} times`),
    );
    write(
      'topics/business.txt',
      lines(20, (row) => `the market fell${' again'.repeat(row % 2)} by ${row}`),
    );
    write('topics/README.txt', 'about this');
    assert.deepEqual(await classesOf('topics'), ['business', 'sport']);
  });

  it('may be a table of the same columns where the names are opposites', async () => {
    const table = (word: string): string =>
      `title,text\n${lines(30, (row) => `${word} news ${row},it is ${word} that ${row} came and went`)}\n`;
    write('news/True.csv', table('honest'));
    write('news/Fake.csv', table('made up'));
    assert.deepEqual(await classesOf('news'), ['Fake', 'True']);
    const numbers = (at: number): string =>
      `a,b\n${lines(30, (row) => `${row + at},${at === 0 ? row : `x${row % 3}`}`)}\n`;
    write('mixed/normal.csv', numbers(0));
    write('mixed/abnormal.csv', numbers(9));
    assert.deepEqual(await classesOf('mixed'), ['abnormal', 'normal']);
  });

  it('is none where columns differ or one is a target, lines are pairs, or names say what lies there', async () => {
    const table = (columns: string): string => `${columns}\n${lines(30, (row) => `${row},${row % 2}`)}\n`;
    write('other/good.csv', table('a,b'));
    write('other/bad.csv', table('c,d'));
    await assertProblems(open('other'), [/has 2 tables, and none is called train/]);
    write('target/good.csv', table('a,label'));
    write('target/bad.csv', table('a,label'));
    await assertProblems(open('target'), [/has 2 tables, and none is called train/]);
    for (const [folder, names] of [
      ['pairs', ['english', 'german']],
      ['beside', ['features', 'labels']],
    ] as const)
      for (const name of names)
        write(
          `${folder}/${name}.txt`,
          lines(30, (row) => `a line${' more'.repeat(row % 4)} of ${row}`),
        );
    await assertProblems(open('pairs'), [/2 files of text, english.txt, german.txt, and nothing says what they are/]);
    await assertProblems(open('beside'), [/nothing says what they are/]);
  });

  it('is told by opposites whatever words they share', () => {
    assert.ok(
      areOpposites(['imdb_neg', 'imdb_pos']) &&
        areOpposites(['spam', 'ham']) &&
        areOpposites(['pos', 'neg', 'neutral']),
    );
    assert.ok(!areOpposites(['red', 'white']) && !areOpposites(['good', 'bad', 'students']) && !areOpposites(['true']));
  });
});
