import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset, DatasetOptions } from '../../../../src/data/dataset.ts';
import { openDataset } from '../../../../src/data/openDataset.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { divideFold, type FoldedSamples } from '../../../../src/data/splits/divideFold.ts';
import { latestSplit } from '../../../../src/data/splits/timeOrder.ts';
import { datasetOptions, problemsOf, readSamples, removeFolder, temporaryFolder } from '../../../support/datasets.ts';

const folds = (samples: FoldedSamples, count: number) =>
  Array.from({ length: count }, (_, index) => divideFold(samples, { index, count }, randomStream(1, 'folds')));

describe('folds', () => {
  it('judge on every sample once, with every class spread evenly', () => {
    const strata = Int32Array.from({ length: 53 }, (_, index) => (index % 10 === 0 ? 1 : 0));
    const all = folds({ strata }, 5);
    assert.deepEqual(
      all.flatMap(({ test }) => [...test]).sort((one, other) => one - other),
      [...strata.keys()],
    );
    for (const { test, rest } of all) {
      assert.equal(test.length + rest.length, 53);
      assert.ok(test.length === 10 || test.length === 11);
      const rare = test.filter((index) => strata[index] === 1).length;
      assert.ok(rare === 1 || rare === 2);
    }
  });

  it('keep groups whole', () => {
    const groups = Int32Array.from({ length: 60 }, (_, index) => index % 12);
    const foldOf = new Map<number, number>();
    for (const [fold, { test }] of folds({ strata: new Int32Array(60), groups }, 4).entries()) {
      assert.equal(test.length, 15);
      for (const index of test) {
        const group = groups[index] ?? 0;
        assert.equal(foldOf.get(group) ?? fold, fold);
        foldOf.set(group, fold);
      }
    }
  });

  it('learn only from what came before, in time order', () => {
    const order = Float64Array.from({ length: 24 }, (_, index) => (index * 7) % 24);
    for (const { test, rest } of folds({ strata: new Int32Array(24), order }, 3)) {
      const earliest = Math.min(...[...test].map((index) => order[index] ?? 0));
      assert.ok(test.length === 6 && rest.length > 0 && [...rest].every((index) => (order[index] ?? 0) < earliest));
    }
  });
});

describe('folds of what is learned from', () => {
  it('leave the usual test aside, and judge on all else once', async () => {
    const folder = temporaryFolder();
    try {
      const rows = Array.from({ length: 60 }, (_, index) => `${index},${index % 3 === 0 ? 'a' : 'b'}`);
      writeFileSync(join(folder, 'rows.csv'), `number,label\n${rows.join('\n')}\n`);
      const numbersOf = async (options: Partial<DatasetOptions>) => {
        const dataset = await openDataset(
          datasetOptions('rows.csv', { scaling: 'none', columns: { number: 'number' }, ...options }),
          {
            baseDirectory: folder,
            seed: 1,
          },
        );
        const numbers = async (split: Dataset['test']) => [
          ...(await readSamples(split, [...Array(split.count).keys()], 1)),
        ];
        const all = [await numbers(dataset.training), await numbers(dataset.validation), await numbers(dataset.test)];
        await dataset.dispose();
        return all;
      };
      const [training = [], validation = [], aside = []] = await numbersOf({});
      const judged: number[] = [];
      for (const index of [0, 1, 2]) {
        const [learned = [], selecting = [], test = []] = await numbersOf({
          fold: { index, count: 3, keepsTest: true },
        });
        assert.equal(learned.length + selecting.length + test.length, training.length + validation.length);
        judged.push(...test);
      }
      const sorted = (values: readonly number[]) => values.toSorted((one, other) => one - other);
      assert.deepEqual(sorted(judged), sorted([...training, ...validation]));
      assert.ok(aside.length === 12 && !aside.some((number) => judged.includes(number)));
    } finally {
      removeFolder(folder);
    }
  });
});

describe('splits in time order', () => {
  it('take the latest, and keep samples of one moment together', () => {
    const { taken, kept } = latestSplit([5, 1, 3, 3, 3, 2], 0.5);
    assert.deepEqual([[...taken], [...kept]], [[0], [1, 2, 3, 4, 5]]);
  });

  describe('of tables', () => {
    let folder: string;
    before(() => {
      folder = temporaryFolder();
    });
    after(() => {
      removeFolder(folder);
    });
    const open = (changes: Partial<DatasetOptions>): Promise<Dataset> =>
      openDataset(datasetOptions('a.csv', { scaling: 'none', validation: 0.2, test: 0.2, ...changes }), {
        baseDirectory: folder,
        seed: 0,
      });
    /** The rows of a split, by the column that counts the days. */
    const daysOf = async ({ training, validation, test }: Dataset): Promise<readonly (readonly number[])[]> =>
      Promise.all(
        [training, validation, test].map(async (split) =>
          [...(await readSamples(split, [...Array(split.count).keys()], 1))].sort((one, other) => one - other),
        ),
      );

    for (const [kind, dateOf] of [
      ['ISO dates', (day: number) => new Date(Date.UTC(2024, 0, day + 1)).toISOString().slice(0, 10)],
      ['days first', (day: number) => `${(day % 28) + 1}.${1 + Math.floor(day / 28)}.2024 9:30`],
      ['months first', (day: number) => `${1 + Math.floor(day / 28)}/${(day % 28) + 1}/2024`],
      ['numbers', (day: number) => String(1000 + 3 * day)],
    ] as const) {
      it(`judge on the latest rows by ${kind}, whose column is no feature where it is to be ignored`, async () => {
        const days = Array.from({ length: 50 }, (_, row) => (row * 17) % 50);
        writeFileSync(
          join(folder, 'a.csv'),
          ['when,day,y', ...days.map((day) => `${dateOf(day)},${day + 0.5},${day % 2 === 0 ? 'a' : 'b'}`)].join('\n'),
        );
        const byTime = { split: { time: 'when' }, columns: { when: 'ignore' } } as const;
        const dataset = await open(byTime);
        assert.deepEqual(dataset.sampleShape, [1]);
        const [training = [], validation = [], test = []] = await daysOf(dataset);
        assert.deepEqual(
          test,
          Array.from({ length: 10 }, (_, index) => 40.5 + index),
        );
        assert.deepEqual(
          validation,
          Array.from({ length: 8 }, (_, index) => 32.5 + index),
        );
        assert.equal(training.length, 32);
        const fold = await open({ ...byTime, fold: { index: 0, count: 4 } });
        const [first = [], , judged = []] = await daysOf(fold);
        assert.ok(Math.max(...first) < 10 && Math.min(...judged) === 10.5 && Math.max(...judged) === 19.5);
      });
    }

    it('learn from what comes back in dates, and from the rest where it is asked for', async () => {
      const write = (days: number): void => {
        const dates = Array.from({ length: days }, (_, day) =>
          new Date(Date.UTC(2022, 0, day + 1)).toISOString().slice(0, 10),
        );
        writeFileSync(
          join(folder, 'a.csv'),
          ['when,step,x,y', ...dates.map((date, day) => `${date},${day * 3},${day / 7},${day % 2}`)].join('\n'),
        );
      };
      const columnsOf = async (changes: Partial<DatasetOptions>): Promise<readonly string[]> => {
        const { preparation } = await open(changes);
        return preparation.kind === 'table' ? preparation.columns.map(({ name }) => name) : [];
      };
      const told = async (changes: Partial<DatasetOptions>): Promise<string> =>
        (await open(changes)).findings.map(({ message }) => message).join(' ');
      write(200);
      const byTime = { split: { time: 'when' } };
      const short = await columnsOf(byTime);
      assert.ok(short.includes('when.weekday') && short.includes('when.monday') && short.includes('when.day'));
      assert.ok(!short.some((name) => /year|month|days/.test(name)), short.join());
      assert.match(await told(byTime), /The dates of 'when' order the rows; of them becomes a number what comes back/);
      assert.ok((await columnsOf({ ...byTime, columns: { when: 'date' } })).includes('when.days'));
      write(800);
      const long = await columnsOf(byTime);
      assert.ok(long.includes('when.month') && long.includes('when.yearSine') && !long.includes('when.days'));
      const numbered = { split: { time: 'step' } };
      assert.ok(!(await columnsOf(numbered)).includes('step'));
      assert.match(await told(numbered), /'step' orders the rows in time and is no feature/);
      assert.ok((await columnsOf({ ...numbered, columns: { step: 'number' } })).includes('step'));
    });

    it('are refused where a row has no date, or two ways are asked for', async () => {
      writeFileSync(
        join(folder, 'a.csv'),
        [
          'when,x,y',
          ...Array.from({ length: 30 }, (_, row) => `${row === 7 ? 'soon' : '2024-01-02'},${row / 7},${row % 2}`),
        ].join('\n'),
      );
      const problems = await problemsOf(open({ split: { time: 'when', group: 'x' } }));
      assert.deepEqual(
        problems.map(({ message }) => message),
        [
          "Rows are divided by 'time' or by 'group', not by both.",
          "Line 9 of a.csv has 'soon' for 'when', which is no date.",
        ],
      );
      const [unknown] = await problemsOf(open({ split: { time: 'date' } }));
      assert.match(unknown?.message ?? '', /has no column 'date'/);
    });
  });
});
