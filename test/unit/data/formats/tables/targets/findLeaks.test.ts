import assert from 'node:assert/strict';
import type { Column, Table } from '../../../../../../src/data/formats/tables/column.ts';
import { findLeaks } from '../../../../../../src/data/formats/tables/targets/findLeaks.ts';

const COUNT = 200;

function numbers(name: string, value: (row: number) => number): Column {
  return { kind: 'number', name, values: Float64Array.from({ length: COUNT }, (_, row) => value(row)) };
}

function words(name: string, all: readonly string[], code: (row: number) => number): Column {
  return { kind: 'words', name, words: all, codes: Int32Array.from({ length: COUNT }, (_, row) => code(row)) };
}

function leaks(target: Column, isClass: boolean, features: readonly Column[]): readonly string[] {
  const table: Table = {
    file: 'a.csv',
    count: COUNT,
    columns: [target, ...features],
    remarks: [],
    lineOf: (row) => row,
  };
  return findLeaks(table, target, isClass, features).map(({ message }) => message);
}

describe('columns that give the target away', () => {
  const label = (row: number): number => Number(row % 3 === 0);

  it('are those whose values each stand for a class, also with missing ones and with more values than classes', () => {
    const found = leaks(numbers('survived', label), true, [
      words('alive', ['no', 'yes', ''], (row) => (row % 50 === 49 ? 2 : label(row))),
      words('boat', ['a', 'b', 'c', 'shore'], (row) => (label(row) === 1 ? Math.floor(row / 3) % 3 : 3)),
      numbers('fare', (row) => row * 1.5),
      words('sex', ['male', 'female'], (row) => row % 2),
    ]);
    assert.deepEqual(found, [
      "The column 'alive' gives the target 'survived' away: each of its 2 values stands for one class.",
      "The column 'boat' gives the target 'survived' away: each of its 4 values occurs with one class only.",
    ]);
  });

  it('may say where rows are from, and then keep rows together', () => {
    const target = numbers('ill', (row) => Math.floor(row / 20) % 2);
    const mouse = words(
      'mouse',
      Array.from({ length: 10 }, (_, at) => `m${at}`),
      (row) => Math.floor(row / 20),
    );
    const columns = [target, mouse];
    const table: Table = { file: 'a.csv', count: COUNT, columns, remarks: [], lineOf: (row) => row };
    const [leak] = findLeaks(table, target, true, [mouse]);
    assert.match(leak?.hint ?? '', /set dataset\.split to \{"group": "mouse"\}, so that rows of the same are not/);
  });

  it('are those that are a number in another unit', () => {
    const metres = (row: number): number => 1 + ((row * 37) % 101) / 7;
    const found = leaks(numbers('metres', metres), false, [
      numbers('feet', (row) => metres(row) / 0.3048),
      numbers('again', metres),
      numbers('noisy', (row) => metres(row) + (row % 5) / 100),
      numbers('constant', () => 3),
      numbers('moment', (row) => 1_700_000_000 + row),
    ]);
    assert.deepEqual(found, [
      "The column 'feet' gives the target 'metres' away: the target is 0.3048 times it.",
      "The column 'again' gives the target 'metres' away: it has the same numbers.",
    ]);
  });
});
