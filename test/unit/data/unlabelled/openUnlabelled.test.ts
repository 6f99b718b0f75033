import assert from 'node:assert/strict';
import type { Dataset } from '../../../../src/data/dataset.ts';
import { transferSet } from '../../../../src/data/unlabelled/transferSet.ts';
import { dataFolder } from '../../../support/dataFolder.ts';
import { bmpFile, idxFile, problemsOf, readSamples } from '../../../support/datasets.ts';

describe('samples without labels', () => {
  const data = dataFolder('test');
  const { write, open } = data;
  const rowsOf = async ({ unlabelled, sampleShape }: Dataset): Promise<readonly number[][]> => {
    assert.ok(unlabelled);
    const width = sampleShape.reduce((a, b) => a * b, 1);
    const values = await readSamples(
      unlabelled,
      Array.from({ length: unlabelled.count }, (_, index) => index),
      width,
    );
    return Array.from({ length: unlabelled.count }, (_, row) => [...values.subarray(row * width, (row + 1) * width)]);
  };

  /** Rows whose numbers are 0…9, of two kinds, and two classes. */
  const table = (): void => {
    const lines = Array.from(
      { length: 40 },
      (_, row) =>
        `${row % 10},${row % 3 === 0 ? 'red' : row % 3 === 1 ? 'green' : 'blue'},${row % 2 === 0 ? 'yes' : 'no'}`,
    );
    write('table.csv', `size,colour,label\n${lines.join('\n')}\n`);
  };

  it('of a table get the means, deviations and categories of the training split, whatever the format and the order of columns', async () => {
    table();
    write('more.csv', 'colour,size,other\nblue,4,x\nviolet,7,y\n');
    write('more.jsonl', '{"size": 4, "colour": "blue"}\n{"size": 7, "colour": "red"}\n');
    const dataset = await open('table.csv', { unlabelled: ['more.csv', 'more.jsonl'] });
    const { preparation } = dataset;
    assert.ok(preparation.kind === 'table');
    const [size] = preparation.columns;
    assert.ok(size?.kind === 'number');
    const at = (value: number): number => Math.fround((value - size.mean) / size.std);
    assert.deepEqual(await rowsOf(dataset), [
      [at(4), 1, 0, 0],
      [at(7), 0, 0, 0],
      [at(4), 1, 0, 0],
      [at(7), 0, 0, 1],
    ]);
    const told = dataset.findings.map(({ message }) => message).join('\n');
    assert.match(told, /more\.csv: 2 samples without labels/);
    assert.match(told, /'colour' of more\.csv has 1 categories that the training split lacks, such as 'violet'/);
  });

  it('that lack columns or are not there are refused all at once, also where the labelled data are not there', async () => {
    table();
    write('more.csv', 'colour\nblue\nred\n');
    const problems = await problemsOf(open('table.csv', { unlabelled: ['more.csv', 'nothing.csv'] }));
    assert.deepEqual(
      problems.map(({ where }) => where),
      ['dataset.unlabelled[0]', 'dataset.unlabelled[1]'],
    );
    assert.match(problems[0]!.message, /lacks the column 'size'/);
    const both = await problemsOf(open('none.csv', { unlabelled: 'nothing.csv' }));
    assert.deepEqual(
      both.map(({ where }) => where),
      ['dataset.path', 'dataset.unlabelled'],
    );
  });

  it('are the transfer set together with the labelled ones; limit is about those, and validation and test have none', async () => {
    table();
    write('more.csv', 'size,colour\n4,blue\n7,red\n');
    const dataset = await open('table.csv', { unlabelled: 'more.csv', limit: 6 });
    assert.equal(dataset.training.count, 6);
    assert.equal(transferSet(dataset).training.count, 8);
    assert.equal(transferSet(dataset), transferSet(dataset));
    assert.equal(dataset.validation.count + dataset.test.count, 11);
    const without = await open('table.csv', { limit: 6 });
    assert.equal(transferSet(without), without);
  });

  it('of texts become the tokens of the training split: from tables, lines and folders of .txt files', async () => {
    const words = ['good', 'bad', 'film', 'actor'];
    write(
      'reviews.tsv',
      `text\tlabel\n${Array.from({ length: 30 }, (_, row) => `${words[row % 2] ?? ''} ${words[2 + (row % 2)] ?? ''} and a long sentence number ${row}\t${row % 2 === 0 ? 'pos' : 'neg'}`).join('\n')}\n`,
    );
    write('lines.txt', 'good film\n\nbad unheard\n');
    write('texts/a.txt', 'good film');
    write('texts/deeper/b.txt', 'bad unheard');
    write('more.csv', 'text\ngood film\nbad unheard\n');
    const options = { length: 3, columns: { text: 'text' } } as const;
    const expected = await rowsOf(await open('reviews.tsv', { ...options, unlabelled: 'more.csv' }));
    assert.equal(expected.length, 2);
    assert.ok((expected[0]?.[0] ?? 0) > 1);
    assert.equal(expected[1]?.[1], 1);
    assert.deepEqual(await rowsOf(await open('reviews.tsv', { ...options, unlabelled: 'lines.txt' })), expected);
    assert.deepEqual(await rowsOf(await open('reviews.tsv', { ...options, unlabelled: 'texts' })), expected);
  });

  it('of words keep the first token of each for the teacher', async () => {
    write('tags.conll', Array.from({ length: 20 }, (_, row) => `Ada PERSON\nwrote${row % 2} O\n`).join('\n'));
    write('more.conll', 'Ada\nwrote1\n\nunheard\n');
    write('more.jsonl', '{"tokens": ["Ada", "wrote1"]}\n{"words": ["unheard"]}\n');
    for (const unlabelled of ['more.conll', 'more.jsonl']) {
      const dataset = await open('tags.conll', { unlabelled, length: 3 });
      const rows = await rowsOf(dataset);
      assert.equal(rows[0]?.[2], 0);
      assert.deepEqual(rows[1], [1, 0, 0]);
      assert.ok(dataset.unlabelled?.targets.kind === 'tokens');
      assert.deepEqual([...dataset.unlabelled.targets.labels], [-2, -2, -1, -2, -1, -1]);
    }
  });

  /** A grey image of 2×2 pixels in one shade. */
  const image = (shade: number): Buffer => {
    const row = [...Array.from({ length: 6 }, () => shade), 0, 0];
    return bmpFile({ width: 2, height: 2, bits: 24, rows: [...row, ...row] });
  };

  it('of images lie anywhere below a folder, or in an IDX file, and are normalised as the training split', async () => {
    for (let number = 0; number < 8; number++) {
      write(`set/dark/${number}.bmp`, image(number));
      write(`set/light/${number}.bmp`, image(200 + number));
    }
    write('more/a.bmp', image(51));
    write('more/deep/er/b.bmp', image(102));
    write('more/notes.md', 'no image');
    write('train-images-idx3-ubyte', idxFile([2, 2, 2], [51, 51, 51, 51, 102, 102, 102, 102]));
    const normalization = { mean: [0.1], std: [0.5] };
    const expected = [51, 102].map((shade) => Array.from({ length: 4 }, () => (shade / 255 - 0.1) / 0.5));
    for (const unlabelled of ['more', 'train-images-idx3-ubyte']) {
      const rows = await rowsOf(await open('set', { unlabelled, normalization }));
      rows.flat().forEach((value, index) => {
        assert.ok(Math.abs(value - expected.flat()[index]!) < 1e-6, unlabelled);
      });
      assert.equal(rows.length, 2);
    }
  });

  it('of images in folders of splits are those of the training split alone; other sizes are refused in a sentence', async () => {
    for (let number = 0; number < 4; number++) {
      write(`set/dark/${number}.bmp`, image(number));
      write(`set/light/${number}.bmp`, image(200 + number));
    }
    write('more/train/x/a.bmp', image(51));
    write('more/test/x/b.bmp', image(102));
    assert.equal((await rowsOf(await open('set', { unlabelled: 'more', validation: 0.3 }))).length, 1);
    write('train-images-idx3-ubyte', idxFile([1, 3, 2], [1, 2, 3, 4, 5, 6]));
    const [problem] = await problemsOf(open('set', { unlabelled: 'train-images-idx3-ubyte', validation: 0.3 }));
    assert.equal(problem?.where, 'dataset.unlabelled');
    assert.match(problem.message, /shape \(1, 3, 2\), those of the training split \(1, 2, 2\)/);
  });
});
