import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOtherReports } from '../../../src/runFolder/otherReports.ts';
import { withTemporaryFolder } from '../../support/programs.ts';
import { sampleReport } from '../../support/sampleReport.ts';

describe('readOtherReports', () => {
  it('reads the reports beside a run, without its own', async () => {
    await withTemporaryFolder(async (runs) => {
      for (const id of ['a', 'b', 'c']) {
        await mkdir(join(runs, id));
        await writeFile(join(runs, id, 'report.json'), JSON.stringify({ ...sampleReport, id }));
      }
      assert.deepEqual(
        (await readOtherReports(join(runs, 'b'))).map(({ id }) => id),
        ['a', 'c'],
      );
    });
  });

  it('leaves out what has no report, or a broken one', async () => {
    await withTemporaryFolder(async (runs) => {
      for (const id of ['going-on', 'cut-off', 'of-another-version', 'good']) await mkdir(join(runs, id));
      await writeFile(join(runs, 'cut-off', 'report.json'), JSON.stringify(sampleReport).slice(0, 100));
      await writeFile(join(runs, 'of-another-version', 'report.json'), JSON.stringify({ ...sampleReport, version: 2 }));
      await writeFile(join(runs, 'good', 'report.json'), JSON.stringify(sampleReport));
      await writeFile(join(runs, 'a file'), '');
      const reports = await readOtherReports(join(runs, 'own'));
      assert.deepEqual(
        reports.map(({ id }) => id),
        [sampleReport.id],
      );
    });
  });

  it('is empty where there is no such folder', async () => {
    await withTemporaryFolder(async (folder) => {
      assert.deepEqual(await readOtherReports(join(folder, 'nowhere', 'run')), []);
    });
  });
});
