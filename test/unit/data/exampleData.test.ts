import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exampleFiles } from '../../../examples/data/exampleData.ts';
import { openDataset } from '../../../src/data/openDataset.ts';
import type { DatasetOptions } from '../../../src/data/dataset.ts';
import { datasetOptions } from '../../support/datasets.ts';

const folder = fileURLToPath(new URL('../../../examples/data', import.meta.url));

/** What is understood of each file: the task, the sample's dimensions and warnings. */
const EXPECTED: Readonly<
  Record<string, readonly [options: Partial<DatasetOptions>, task: unknown, sampleShape: number[]]>
> = {
  'half-moons.csv': [{}, { kind: 'classification', classes: ['lower', 'upper'] }, [2]],
  'fruit.csv': [{}, { kind: 'classification', classes: ['apple', 'lemon', 'pear'] }, [4 + 1 + 5 + 4 + 1]],
  'houses.csv': [{}, { kind: 'regression', targets: ['price'] }, [4 + 4 + 1]],
  'tags.csv': [
    { target: ['inside', 'above', 'ring'] },
    { kind: 'multi-label', classes: ['inside', 'above', 'ring'] },
    [2],
  ],
  'cart-pole.csv': [{ target: ['q_left', 'q_right'] }, { kind: 'regression', targets: ['q_left', 'q_right'] }, [4]],
  'reviews.tsv': [{ length: 48 }, { kind: 'classification', classes: ['bad', 'good'] }, [48]],
};

describe("the examples' data", () => {
  it('are what their generator makes', () => {
    const files = exampleFiles();
    assert.deepEqual([...files.keys()].sort(), Object.keys(EXPECTED).sort());
    for (const [name, content] of files) assert.ok(readFileSync(join(folder, name), 'utf8') === content, name);
  });

  for (const [name, [options, task, sampleShape]] of Object.entries(EXPECTED)) {
    it(`${name} is understood without a warning`, async () => {
      const dataset = await openDataset(datasetOptions(name, options), { baseDirectory: folder, seed: 0 });
      assert.deepEqual(dataset.task, task);
      assert.deepEqual(dataset.sampleShape, sampleShape);
      assert.deepEqual(
        dataset.findings.filter(({ severity }) => severity === 'warning'),
        [],
      );
    });
  }
});
