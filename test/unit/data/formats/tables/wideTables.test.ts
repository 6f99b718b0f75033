import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../../../../src/data/openDataset.ts';
import { assertProblems, datasetOptions, removeFolder, temporaryFolder } from '../../../../support/datasets.ts';

describe('a table of very many columns', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
  });
  const open = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return openDataset(datasetOptions(name), { baseDirectory: folder, seed: 0 });
  };

  it('is read where its first line is longer than what is looked at of others', async () => {
    const genes = Array.from({ length: 1400 }, (_, column) => `${'ENSG'.repeat(50)}${column}`);
    const rows = Array.from(
      { length: 20 },
      (_, row) => `${genes.map((__, column) => (row * column) % 7).join(',')},${row % 2 === 0 ? 'ill' : 'well'}`,
    );
    const dataset = await open('wide.csv', `${genes.join(',')},state\n${rows.join('\n')}`);
    assert.deepEqual(dataset.task, { kind: 'classification', classes: ['ill', 'well'] });
    // The first and every seventh are zero in every row.
    assert.deepEqual([...dataset.sampleShape], [1200]);
  });

  it('is refused where every line of JSON has columns of its own', async () => {
    const line = (row: number): string =>
      JSON.stringify(Object.fromEntries(Array.from({ length: 300 }, (_, column) => [`k${row} ${column}`, 1])));
    const rows = Array.from({ length: 200 }, (_, row) => line(row));
    await assertProblems(open('scattered.jsonl', rows.join('\n')), [
      /^scattered.jsonl has 60000 different names of columns in 200 lines/,
    ]);
  });
});
