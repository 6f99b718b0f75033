import assert from 'node:assert/strict';
import { join } from 'node:path';
import { TrialProcesses } from '../../../src/search/trials/trialProcesses.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

describe('TrialProcesses', () => {
  const { signal } = new AbortController();

  it('takes a process that cannot be started for a failed trial, and goes on', () =>
    withTemporaryFolder(async (folder) => {
      const work = {
        folder: join(folder, 'trial'),
        experiment: {},
        baseDirectory: folder,
        cacheFolder: undefined,
        epochs: null,
        limits: {},
      };
      const { execPath } = process;
      const processes = new TrialProcesses(1);
      await processes.dispose();
      process.execPath = join(folder, 'no-such-node');
      try {
        const result = await processes.run(work, signal);
        assert.ok(result.state === 'failed', result.state);
        assert.match(result.problems[0]?.message ?? '', /^The process of the trial ended \(.*(ENOENT|EPIPE|closed)/);
      } finally {
        process.execPath = execPath;
      }
      const refused = await processes.run(work, signal);
      await processes.dispose();
      assert.ok(refused.state === 'refused', refused.state);
    }));
});
