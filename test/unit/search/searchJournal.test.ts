import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, JobEnd } from '../../../src/search/jobs.ts';
import { SearchJournal } from '../../../src/search/searchJournal.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';

const identity = { experiment: 'abc', atOnce: 2 };
const job: Job = {
  number: 0,
  trial: 0,
  isFirst: true,
  point: { x: 0.5 },
  epochs: null,
  beganAt: '2026-01-02T03:04:05.678Z',
};
const end: JobEnd = {
  at: '2026-01-02T03:04:06.678Z',
  seconds: 1,
  result: { state: 'finished', epochs: [{ epoch: 1, accuracy: null, loss: NaN, best: true }], figures: null },
};

describe("a search's journal", () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    removeFolder(folder);
  });

  it('gives back what was done, also a loss that is no number, and drops a line that broke off', async () => {
    const first = await SearchJournal.open(folder, identity);
    await first.begin(job);
    await first.end(job, end);
    await first.begin({ ...job, number: 1, trial: 1 });
    await first.close();
    appendFileSync(join(folder, 'journal.jsonl'), '{"kind":"end","job":1,"e');
    for (let time = 0; time < 2; time++) {
      const again = await SearchJournal.open(folder, identity);
      await again.close();
      assert.deepEqual(again.jobs, [
        { ...job, end },
        { ...job, number: 1, trial: 1 },
      ]);
    }
  });

  it('refuses another search, and what is damaged, in words', async () => {
    await (await SearchJournal.open(folder, identity)).close();
    await assert.rejects(
      SearchJournal.open(folder, { ...identity, experiment: 'x' }),
      /the search of another experiment/,
    );
    await assert.rejects(SearchJournal.open(folder, { ...identity, atOnce: 1 }), /began with 2 trials at once, not 1/);
    appendFileSync(join(folder, 'journal.jsonl'), '{"kind":"begin"}\n');
    await assert.rejects(SearchJournal.open(folder, identity), /journal\.jsonl' is damaged/);
  });
});
