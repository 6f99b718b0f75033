import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { removeRuns, run } from '../support/runs.ts';

describe('what a dataset is like', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
    removeRuns();
  });

  it('is told as a warning where results may suffer', async () => {
    const path = join(folder, 'table.csv');
    const rows = Array.from({ length: 60 }, (_, index) => `${index % 7},5,${index % 2 === 0 ? 'even' : 'odd'}`);
    writeFileSync(path, ['x,constant,label', ...rows, ''].join('\n'));
    const { events } = await run({
      teacher: null,
      dataset: { path },
      student: { architecture: 'mlp', hidden: [4] },
      training: { epochs: 1, batchSize: 8 },
      device: 'cpu',
    });
    const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.problem.message] : []));
    assert.ok(
      warnings.some((message) => message.includes('constant')),
      warnings.join('\n'),
    );
  });
});
