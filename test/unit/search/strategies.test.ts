import assert from 'node:assert/strict';
import { chooseStrategy } from '../../../src/search/strategies/chooseStrategy.ts';
import { gridStrategy } from '../../../src/search/strategies/grid.ts';
import { nsga2Strategy } from '../../../src/search/strategies/nsga2.ts';
import { crowdingDistances, paretoFronts } from '../../../src/search/strategies/pareto.ts';
import { randomStrategy } from '../../../src/search/strategies/random.ts';
import { tpeStrategy } from '../../../src/search/strategies/tpe.ts';
import {
  bestOf,
  choiceOf,
  functionsOfOneAim,
  functionsOfTwoAims,
  hypervolume,
  median,
  numberBetween,
  searchFunction,
} from '../../support/searchFunctions.ts';

describe('search strategies', () => {
  it('TPE beats chance on at least four of six functions', function () {
    const seeds = [0, 1, 2, 3, 4];
    const won = functionsOfOneAim.filter((made) => {
      const bests = (make: typeof tpeStrategy): number =>
        median(seeds.map((seed) => bestOf(searchFunction(make(made.space), made, seed))));
      return bests(tpeStrategy) < bests(randomStrategy);
    });
    assert.ok(won.length >= 4, `won on ${won.map(({ name }) => name).join(', ')}`);
  });

  it('counts no further than the trials, however many values there are', () => {
    const space = [numberBetween('width', 0, 1, { step: 1e-12 }), choiceOf('depth', [1, 2])];
    const { name } = chooseStrategy({ strategy: 'grid', trials: 3 }, space, { aims: 1, epochs: undefined });
    assert.equal(name, 'grid');
    const points = searchFunction(gridStrategy(space), { trials: 3, values: () => [0] }, 0).map(({ point }) => point);
    assert.deepEqual(points[2], { width: 1e-12, depth: 0 });
  });

  it('NSGA-II dominates more than chance, for several aims', function () {
    const [made] = functionsOfTwoAims;
    assert.ok(made);
    const short = { ...made, trials: 300 };
    for (const seed of [0, 1, 2]) {
      const crossed = hypervolume(searchFunction(nsga2Strategy(made.space, 20), short, seed), [1.1, 7]);
      const drawn = hypervolume(searchFunction(randomStrategy(made.space), short, seed), [1.1, 7]);
      assert.ok(crossed > drawn, `${crossed} > ${drawn}`);
    }
  });

  it('the same seed proposes the same, another one something else', () => {
    const [made] = functionsOfOneAim;
    assert.ok(made);
    const points = (seed: number) =>
      searchFunction(tpeStrategy(made.space), { ...made, trials: 15 }, seed).map(({ point }) => point);
    assert.deepEqual(points(3), points(3));
    assert.notDeepEqual(points(3), points(4));
  });

  it('TPE keeps to the bounds, to whole numbers and to what is searched at all', () => {
    const width = numberBetween('width', 8, 64, { isLog: true, step: 1 });
    const depth = choiceOf('depth', [1, 2]);
    const second = numberBetween('second', 1, 4, { step: 1, conditions: [{ name: 'depth', values: new Set(['2']) }] });
    const trials = searchFunction(
      tpeStrategy([width, depth, second]),
      { trials: 40, values: ({ width: w = 0, second: s = 9 }) => [w + s] },
      1,
    );
    for (const { point } of trials) {
      assert.ok(Number.isInteger(point['width']) && (point['width'] ?? 0) >= 8 && (point['width'] ?? 99) <= 64);
      assert.equal(point['second'] !== undefined, point['depth'] === 1);
    }
    assert.ok(bestOf(trials) <= 12);
  });

  it('a grid goes through every combination once', () => {
    const space = [choiceOf('a', ['x', 'y']), numberBetween('b', 0, 1, { step: 0.5 })];
    const trials = searchFunction(gridStrategy(space), { trials: 100, values: () => [0] }, 0);
    assert.deepEqual(
      trials.map(({ point }) => [point['a'], point['b']]),
      [0, 1].flatMap((a) => [0, 0.5, 1].map((b) => [a, b])),
    );
  });

  it('sorts into fronts, and finds the lonely', () => {
    const items = [
      [0, 3],
      [1, 1],
      [3, 0],
      [2, 2],
      [3, 3],
    ].map((values) => ({ values }));
    assert.deepEqual(
      paretoFronts(items).map((front) => front.map(({ values }) => values)),
      [
        [
          [0, 3],
          [1, 1],
          [3, 0],
        ],
        [[2, 2]],
        [[3, 3]],
      ],
    );
    const [front = []] = paretoFronts(items);
    assert.deepEqual([...crowdingDistances(front).values()], [Infinity, 2, Infinity]);
  });

  it('chooses what suits, and says what does not', () => {
    const finite = [choiceOf('a', [1, 2, 3])];
    const open = [numberBetween('a', 0, 1)];
    const chosen = (space: typeof open, aims: number) =>
      chooseStrategy({ strategy: 'auto', trials: 30 }, space, { aims, epochs: 9 }).name;
    assert.deepEqual([chosen(finite, 1), chosen(open, 1), chosen(open, 2)], ['grid', 'tpe', 'nsga2']);
    const refused = (strategy: 'grid' | 'tpe' | 'halving', aims: number, epochs?: number) => () =>
      chooseStrategy({ strategy, trials: 30 }, open, { aims, epochs });
    assert.throws(refused('grid', 1), /'a' has no end/);
    assert.throws(refused('tpe', 2, 9), /'tpe' has one aim, and there are 2/);
    assert.throws(refused('halving', 1), /compares trials after so many epochs/);
  });
});
