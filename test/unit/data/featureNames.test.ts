import assert from 'node:assert/strict';
import { featureNames } from '../../../src/data/featureNames.ts';
import type { ColumnCode } from '../../../src/data/preparation.ts';
import { widthOf } from '../../../src/data/formats/tables/encodeColumns.ts';

describe('featureNames', () => {
  const columns: readonly ColumnCode[] = [
    { name: 'age', kind: 'number', mean: 40, std: 10, fill: 40 },
    { name: 'colour', kind: 'category', categories: ['blue', 'green', 'red'], missing: true },
    { name: 'member', kind: 'category', categories: ['no', 'yes'], missing: false },
    { name: 'size', kind: 'category', categories: ['L', 'S'], missing: true },
  ];

  it('has a name for every number that the columns of a table become', () => {
    const names = featureNames({ kind: 'table', columns, targets: [] })!;
    assert.deepEqual(names, [
      'age',
      ...['colour = blue', 'colour = green', 'colour = red', 'colour missing'],
      'member = yes',
      ...['size = L', 'size = S', 'size missing'],
    ]);
    assert.equal(
      names.length,
      columns.reduce((sum, code) => sum + widthOf(code), 0),
    );
  });

  it('has none for images', () => {
    assert.equal(featureNames({ kind: 'pixels', normalization: null }), undefined);
  });
});
