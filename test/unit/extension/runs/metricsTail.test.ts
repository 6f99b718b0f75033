import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MetricsTail } from '../../../../src/extension/runs/metricsTail.ts';
import { sampleEvents } from '../../../support/sampleEvents.ts';
import { sampleReport } from '../../../support/sampleReport.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';

describe('MetricsTail', () => {
  it('reads what was appended since the last time, in whole lines', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'metrics.jsonl');
      const tail = new MetricsTail(path);
      assert.deepEqual(await tail.read(), [], 'before there is a file');
      const [first, second, ...others] = sampleEvents.map((event) => `${JSON.stringify(event)}\n`);
      await appendFile(path, first! + second!.slice(0, 20));
      assert.deepEqual(await tail.read(), [sampleEvents[0]]);
      assert.deepEqual(await tail.read(), []);
      await appendFile(path, second!.slice(20) + others.join(''));
      assert.deepEqual(await tail.read(), sampleEvents.slice(1));
    });
  });

  it('joins characters of several bytes that were cut in two', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'metrics.jsonl');
      const tail = new MetricsTail(path);
      const event = { kind: 'phase', phase: 'student', message: '训练…' };
      const bytes = Buffer.from(`${JSON.stringify(event)}\n`);
      const cut = bytes.indexOf(0xe8) + 1;
      await appendFile(path, bytes.subarray(0, cut));
      assert.deepEqual(await tail.read(), []);
      await appendFile(path, bytes.subarray(cut));
      assert.deepEqual(await tail.read(), [event]);
    });
  });

  it('reads null losses as not a number, reports whole, and passes over what it does not know', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'metrics.jsonl');
      const epoch = { ...sampleEvents[3]!, losses: { total: null } };
      const finished = { kind: 'finished', report: sampleReport };
      await appendFile(
        path,
        `not json\n{"kind":"unheard-of"}\n${JSON.stringify(epoch)}\n${JSON.stringify(finished)}\n`,
      );
      const [read, report, ...rest] = await new MetricsTail(path).read();
      assert.ok(read?.kind === 'epoch' && Number.isNaN(read.losses['total']));
      assert.deepEqual(report, finished);
      assert.deepEqual(rest, []);
    });
  });
});
