import assert from 'node:assert/strict';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { randomStream } from '../../../../../src/data/random.ts';
import type { Split } from '../../../../../src/data/samples/split.ts';
import { munge } from '../../../../../src/data/unlabelled/synthesize/munge.ts';
import { synthesizeSchema } from '../../../../../src/experiment/schema/dataset.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  datasetOptions,
  problemsOf,
  readSamples,
  removeFolder,
  temporaryFolder,
} from '../../../../support/datasets.ts';

/** Two numbers that are nearly equal, and a category that says which is larger than 0. */
const COUNT = 200;
const random = randomStream(3, 'rows');
const values = Float32Array.from(
  Array.from({ length: COUNT }, () => {
    const x = random.normal();
    return [x, x + random.normal(0, 0.1), x > 0 ? 1 : 0, x > 0 ? 0 : 1];
  }).flat(),
);
const columns = [
  { at: 0, width: 1, kind: 'number' },
  { at: 1, width: 1, kind: 'number' },
  { at: 2, width: 2, kind: 'category' },
] as const;
const make = (options: Partial<Parameters<typeof munge>[2]> = {}, seed = 0) =>
  munge(
    { values, count: COUNT, width: 4 },
    columns,
    { rows: 1000, swap: 0.5, spread: 1, ...options },
    randomStream(seed, 'made'),
    () => Promise.resolve(),
  );

describe('munge', () => {
  it('makes rows that are new and keep what the rows have in common', async () => {
    const made = await make();
    assert.equal(made.length, 4000);
    const known = new Set(Array.from({ length: COUNT }, (_, row) => values.subarray(row * 4, row * 4 + 4).join()));
    let fresh = 0;
    let apart = 0;
    let wrong = 0;
    for (let row = 0; row < 1000; row++) {
      const [x = 0, y = 0, one = 0, other = 0] = made.subarray(row * 4, row * 4 + 4);
      if (!known.has(made.subarray(row * 4, row * 4 + 4).join())) fresh++;
      if (Math.abs(x - y) > 0.6) apart++;
      if (Math.abs(x) > 0.3 && x > 0 !== (one === 1)) wrong++;
      assert.equal(one + other, 1, 'a category is one of those that are there');
    }
    assert.ok(fresh > 700, `${fresh} are new`);
    assert.ok(apart < 30, `${apart} are unlike all others`);
    assert.ok(wrong < 30, `${wrong} have the wrong category`);
  });

  it('makes the same rows from the same seed', async () => {
    assert.deepEqual(await make({}, 1), await make({}, 1));
    assert.notDeepEqual(await make({}, 1), await make({}, 2));
  });

  it('stays nearer to the rows the larger the spread', async () => {
    const distance = async (spread: number): Promise<number> => {
      const made = await make({ spread, swap: 1 });
      let sum = 0;
      for (let row = 0; row < 1000; row++) {
        let least = Infinity;
        for (let other = 0; other < COUNT; other++)
          least = Math.min(least, Math.abs((made[row * 4] ?? 0) - (values[other * 4] ?? 0)));
        sum += least;
      }
      return sum;
    };
    assert.ok((await distance(100)) < (await distance(1)));
  });
});

describe('dataset.synthesize', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
  });

  it('makes rows in the form of the training split, and nothing for what is no table', async () => {
    const lines = Array.from(
      { length: 50 },
      (_, row) => `${row * 1000},${row % 2 === 0 ? 'a' : 'b'},${row % 2 === 0 ? 'x' : 'y'},${row}`,
    );
    writeFileSync(join(folder, 'table.csv'), `size,kind,sort,y\n${lines.join('\n')}\n`);
    const options = {
      synthesize: synthesizeSchema.parse({ rows: 30, swap: 0.5 }),
      scaling: 'none',
      task: 'regression',
    } as const;
    const context = { baseDirectory: folder, seed: 0 };
    const { unlabelled, findings } = await openDataset(datasetOptions('table.csv', options), context);
    assert.equal(unlabelled?.count, 30);
    const rows = await readSamples(unlabelled, [0, 1, 2, 3], 3);
    assert.ok(
      rows.some((value) => value > 900),
      'numbers keep their unit',
    );
    assert.ok(findings.some(({ message }) => message.startsWith('30 rows without labels are made from the 36')));
    const [problem] = await problemsOf(openDataset(datasetOptions('builtin:digits', options), context));
    assert.equal(problem?.where === 'dataset.synthesize' || problem?.where === 'dataset.task', true);
  });

  it('takes a date as a whole, so that a made row is of a day that there is', async () => {
    const lines = Array.from({ length: 60 }, (_, row) => {
      const day = new Date(Date.UTC(2024, 0, 1 + 3 * row)).toISOString().slice(0, 10);
      return `${day},${Math.sin(row) * 100},${row}`;
    });
    writeFileSync(join(folder, 'dates.csv'), `day,size,y\n${lines.join('\n')}\n`);
    const options = {
      synthesize: synthesizeSchema.parse({ rows: 200, swap: 0.5 }),
      scaling: 'none',
      task: 'regression',
    } as const;
    const { unlabelled, training, sampleShape, preparation } = await openDataset(datasetOptions('dates.csv', options), {
      baseDirectory: folder,
      seed: 0,
    });
    assert.ok(unlabelled && preparation.kind === 'table');
    const [width = 0] = sampleShape;
    const places = [...preparation.columns.entries()].flatMap(([place, { name }]) => (name === 'size' ? [] : [place]));
    assert.ok(places.length >= 10, 'a date is many values');
    const datesOf = async (split: Split): Promise<readonly string[]> => {
      const all = Array.from({ length: split.count }, (_, row) => row);
      const values = await readSamples(split, all, width);
      return all.map((row) => places.map((place) => values[row * width + place]?.toFixed(3)).join(' '));
    };
    const there = new Set(await datesOf(training));
    assert.deepEqual(
      (await datesOf(unlabelled)).filter((date) => !there.has(date)),
      [],
    );
  });
});
