import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileAccess, type FileAccess, type StoredRun } from '../../../src/launching/readRun.ts';
import { RunListing } from '../../../src/launching/runListing.ts';
import { changeMarks } from '../../../src/runFolder/runMarks.ts';
import { withTemporaryFolder } from '../../support/programs.ts';
import { storeRun } from '../../support/storedRuns.ts';

/** Counts the files that are read. */
function counting(): FileAccess & { reads: number; lists: number } {
  return {
    reads: 0,
    lists: 0,
    readText(path) {
      this.reads++;
      return fileAccess.readText(path);
    },
    list(folder) {
      this.lists++;
      return fileAccess.list(folder);
    },
    modified: fileAccess.modified,
  };
}

function idsOf(runs: readonly StoredRun[]): readonly string[] {
  return runs.map(({ status }) => status.id).sort();
}

describe('RunListing', () => {
  it('lists runs with what the views show of them, and nothing where there are none', async () => {
    await withTemporaryFolder(async (folder) => {
      const directory = join(folder, 'a', 'b');
      assert.deepEqual(await new RunListing(directory).list(), []);
      storeRun(
        join(directory, 'one'),
        { id: 'one', sizeRatio: 4 },
        {
          'marks.json': { name: 'best', starred: true },
          'experiment.json': { teacher: { model: 'models/t.onnx' }, student: { model: 'start.onnx' } },
          'student.onnx': 'x',
          'report.json': '{}',
        },
      );
      // The report alone has the ratio in older versions.
      storeRun(join(directory, 'two'), { id: 'two' }, { 'report.json': { ratios: { bytes: 2.5 } }, 'marks.json': '{' });
      mkdirSync(join(directory, 'no-run'));
      writeFileSync(join(directory, 'a-file'), '');
      const runs = await new RunListing(directory).list();
      assert.deepEqual(idsOf(runs), ['one', 'two']);
      const [one, two] = runs.toSorted((a, b) => a.status.id.localeCompare(b.status.id));
      assert.deepEqual(one!.details, {
        marks: { name: 'best', starred: true },
        isResumable: false,
        hasStudent: true,
        hasReport: true,
        sizeRatio: 4,
        models: [join(folder, 'models/t.onnx'), join(folder, 'start.onnx')].map((path) => path.replace(/\/$/, '')),
      });
      assert.equal(two!.details.sizeRatio, 2.5);
      assert.deepEqual(two!.details.marks, {});
    });
  });

  it('reads one file of a run that it does not know, whose status names the models', async () => {
    await withTemporaryFolder(async (directory) => {
      const experiment = { 'experiment.json': { teacher: { model: 'old.onnx' } } };
      for (let run = 0; run < 10; run++) storeRun(join(directory, `r${run}`), { models: ['t.onnx'] }, experiment);
      const files = counting();
      const [run] = await new RunListing(directory, files).list();
      assert.deepEqual(
        run?.details.models.map((model) => basename(model)),
        ['t.onnx'],
      );
      // The status of each, and the index, which is not there.
      assert.equal(files.reads, 11);
    });
  });

  it('reads one file and one folder for runs that it knows, however many they are', async () => {
    await withTemporaryFolder(async (directory) => {
      for (let run = 0; run < 30; run++) storeRun(join(directory, `r${run}`), { id: `r${run}` });
      const first = new RunListing(directory);
      await first.list();
      await first.check();
      const files = counting();
      const again = new RunListing(directory, files);
      assert.equal((await again.list()).length, 30);
      assert.deepEqual([files.reads, files.lists], [1, 1]);
      assert.equal((await again.check()).size, 0);
      assert.deepEqual([files.reads, files.lists], [1, 2]);
    });
  });

  it('finds what was changed, added and removed by others', async () => {
    await withTemporaryFolder(async (directory) => {
      for (const id of ['same', 'starred', 'gone']) storeRun(join(directory, id), { id });
      const first = new RunListing(directory);
      await first.list();
      await first.check();
      await changeMarks(join(directory, 'starred'), { starred: true });
      rmSync(join(directory, 'gone'), { recursive: true });
      storeRun(join(directory, 'new'), { id: 'new' });
      const files = counting();
      const again = new RunListing(directory, files);
      assert.deepEqual(idsOf(await again.list()), ['new', 'same', 'starred']);
      const changed = await again.check();
      assert.deepEqual([...changed.keys()], [join(directory, 'starred')]);
      assert.equal(changed.get(join(directory, 'starred'))?.details.marks.starred, true);
      assert.deepEqual(idsOf(await new RunListing(directory).list()), ['new', 'same', 'starred']);
    });
  });

  it('does without an index that is damaged or was tampered with', async () => {
    await withTemporaryFolder(async (directory) => {
      storeRun(join(directory, 'a'), { id: 'a' });
      const first = new RunListing(directory);
      await first.list();
      await first.check();
      const index = join(directory, '.index.json');
      writeFileSync(index, readFileSync(index, 'utf8').replace('"finished"', '"failed"'));
      const [run] = await new RunListing(directory).list();
      assert.equal(run?.status.state, 'finished');
    });
  });

  it('never takes a running run from the index', async () => {
    await withTemporaryFolder(async (directory) => {
      storeRun(join(directory, 'a'), { id: 'a', state: 'running', processId: process.pid });
      const first = new RunListing(directory);
      assert.equal((await first.list())[0]?.status.state, 'interrupted', 'nobody has its lease');
    });
  });
});
