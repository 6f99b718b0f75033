import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PauseGate } from '../../src/platform/pauseGate.ts';
import type { RunStatus } from '../../src/protocol/events.ts';
import { runExperiment } from '../../src/run/runExperiment.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { smallDigits } from '../support/smallDigits.ts';

describe('a run with a pause', function () {
  const folder = join(temporaryFolder(), 'run');
  after(() => {
    removeFolder(folder);
  });

  it('says in its folder that it waits, and not that it took the time', async () => {
    const pause = new PauseGate();
    const statuses: (true | undefined)[] = [];
    const status = (): RunStatus => JSON.parse(readFileSync(join(folder, 'status.json'), 'utf8')) as RunStatus;
    const experiment = {
      teacher: null,
      dataset: { path: smallDigits(), limit: 100 },
      student: { architecture: 'mlp', hidden: [4] },
      training: { epochs: 3 },
      device: 'cpu',
    };
    let waiting: Promise<void> | undefined;
    const result = await runExperiment(experiment, {
      folder,
      baseDirectory: '.',
      signal: new AbortController().signal,
      pause,
      onEvent: (event) => {
        if (event.kind !== 'epoch' || waiting) return;
        pause.pause();
        waiting = (async () => {
          while (status().paused !== true) await wait(5);
          statuses.push(status().paused);
          await wait(500);
          pause.resume();
        })();
      },
    });
    await waiting;
    assert.equal(result.state, 'finished');
    assert.deepEqual([statuses, status().paused, status().state], [[true], undefined, 'finished']);
    const { total } = result.report.seconds;
    const took = (Date.parse(status().endedAt!) - Date.parse(status().startedAt)) / 1000;
    assert.ok(took - total > 0.4, `${total} s of ${took} s are said to be work`);
  });
});
