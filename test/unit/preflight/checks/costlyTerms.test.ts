import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { experimentSchema } from '../../../../src/experiment/schema.ts';
import { preflight } from '../../../../src/preflight/preflight.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';
import { classTable } from '../../../support/tableTeacher.ts';

describe('terms that take much time', () => {
  it('are warned of before a run', async () => {
    const folder = temporaryFolder();
    try {
      await writeFile(join(folder, 'table.csv'), classTable(600));
      const experiment = experimentSchema.parse({
        teacher: { architecture: 'mlp', hidden: [8] },
        dataset: { path: 'table.csv' },
        student: { architecture: 'mlp', hidden: [4] },
        objective: [{ loss: 'labels' }, { loss: 'rkd', distance: 25, angle: 50 }],
        training: { batchSize: 300 },
      });
      const { signal } = new AbortController();
      const prepared = await preflight(experiment, { baseDirectory: folder, signal, onProgress: () => undefined });
      await prepared.dataset.dispose();
      const costly = prepared.warnings.filter(({ where }) => where.startsWith('objective'));
      assert.deepEqual(
        costly.map(({ where, message }) => `${where}: ${message}`),
        ['objective[1].angle: The angles of RKD compare all triplets: 300³ with a batch of 300.'],
      );
    } finally {
      removeFolder(folder);
    }
  });
});
