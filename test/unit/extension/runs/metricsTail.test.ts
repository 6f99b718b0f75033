import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MetricsTail } from '../../../../src/extension/runs/metricsTail.ts';
import type { RunEvent } from '../../../../src/protocol/events.ts';
import { sampleEvents } from '../../../support/sampleEvents.ts';
import { sampleReport } from '../../../support/sampleReport.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';

async function all(tail: MetricsTail): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const slice of tail.read()) events.push(...slice);
  return events;
}

describe('MetricsTail', () => {
  it('reads what was appended since the last time, in whole lines', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'metrics.jsonl');
      const tail = new MetricsTail(path);
      assert.deepEqual(await all(tail), [], 'before there is a file');
      const [first, second, ...others] = sampleEvents.map((event) => `${JSON.stringify(event)}\n`);
      await appendFile(path, first! + second!.slice(0, 20));
      assert.deepEqual(await all(tail), [sampleEvents[0]]);
      assert.deepEqual(await all(tail), []);
      await appendFile(path, second!.slice(20) + others.join(''));
      assert.deepEqual(await all(tail), sampleEvents.slice(1));
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
      assert.deepEqual(await all(tail), []);
      await appendFile(path, bytes.subarray(cut));
      assert.deepEqual(await all(tail), [event]);
    });
  });

  it('reads a long file in slices, between which others have their turn', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'metrics.jsonl');
      const events = Array.from({ length: 500 }, (_, index) => ({
        kind: 'phase',
        phase: 'student',
        message: `${index}`,
      }));
      await appendFile(path, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      let turns = 0;
      const timer = setInterval(() => (turns += 1), 0);
      const slices: number[] = [];
      const read: RunEvent[] = [];
      for await (const slice of new MetricsTail(path, 100).read()) {
        slices.push(slice.length);
        read.push(...slice);
      }
      clearInterval(timer);
      assert.deepEqual(read, events);
      assert.ok(slices.length > 100 && Math.max(...slices) <= 3);
      assert.ok(turns > 0);
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
      const [read, report, ...rest] = await all(new MetricsTail(path));
      assert.ok(read?.kind === 'epoch' && Number.isNaN(read.losses['total']));
      assert.deepEqual(report, finished);
      assert.deepEqual(rest, []);
    });
  });
});
