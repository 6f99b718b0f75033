import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCurveEvents, readReport, readTree } from '../../../src/runFolder/readRun.ts';
import { sampleEvents } from '../../support/sampleEvents.ts';
import { sampleReport } from '../../support/sampleReport.ts';
import { softTreeOf } from '../../support/softTree.ts';

describe('the files of a run', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'distillery-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  describe('readTree', () => {
    const tree = softTreeOf({ depth: 2, sampleShape: [1, 3, 3] });
    const write = (content: unknown) => writeFile(join(folder, 'tree.json'), JSON.stringify(content));

    it('reads back what was written, and nothing where there is nothing', async () => {
      assert.equal(await readTree(folder), undefined);
      await write(tree);
      assert.deepEqual(await readTree(folder), tree);
    });

    it('refuses a tree that lacks leaves, naming the file', async () => {
      await write({ ...tree, leaves: tree.leaves.slice(1) });
      await assert.rejects(readTree(folder), /tree\.json' is not a tree of this version: 'depth'/);
    });
  });

  describe('readReport', () => {
    const write = (content: string) => writeFile(join(folder, 'report.json'), content);

    it('reads back what was written', async () => {
      await write(JSON.stringify(sampleReport));
      assert.deepEqual(await readReport(folder), sampleReport);
    });

    it('knows a loss that is not a number from JSON, which has no such thing', async () => {
      const { student } = sampleReport;
      await write(JSON.stringify({ ...sampleReport, student: { ...student, test: { ...student.test, loss: NaN } } }));
      assert.ok(Number.isNaN((await readReport(folder)).student.test.loss));
    });

    it('refuses what is not a report', async () => {
      await assert.rejects(readReport(folder), /There is no report\.json in/);
      await write('{ "version": 1');
      await assert.rejects(readReport(folder), /is not JSON/);
      await write(JSON.stringify({ ...sampleReport, student: { ...sampleReport.student, bytes: 'many' } }));
      await assert.rejects(readReport(folder), /'student\.bytes' is not as expected/);
    });
  });

  describe('readCurveEvents', () => {
    it('reads what curves are drawn from and leaves out a line that was cut off', async () => {
      const lines = sampleEvents.map((event) => JSON.stringify(event)).join('\n');
      await writeFile(join(folder, 'metrics.jsonl'), `${lines}\n{"kind":"epoch","netw`);
      const expected = sampleEvents.filter(({ kind }) => kind === 'epoch' || kind === 'teacher');
      assert.deepEqual(await readCurveEvents(folder), expected);
    });

    it('finds none in a run that has not begun', async () => {
      assert.deepEqual(await readCurveEvents(folder), []);
    });
  });
});
