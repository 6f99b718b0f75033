import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { trainerProgram } from '../../src/agents/trainerProgram.ts';
import { Searches, type NewSearch } from '../../src/extension/search/searches.ts';
import { searchLog } from '../../src/launching/launchSearch.ts';
import { runBase } from '../../src/extension/runs/runBase.ts';
import { killProcessTree } from '../../src/launching/processes.ts';
import { leaseStateOf } from '../../src/runFolder/runLease.ts';
import { trialFolder } from '../../src/runFolder/searchFolder.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { tinyExperiment } from '../support/runs.ts';

const PATIENCE_MS = 60_000;

describe('a search that was started in the editor', function () {
  let workspaceFolder: string;
  let asked: NewSearch;
  let searches: Searches;
  const ended: string[] = [];
  const errors: unknown[] = [];
  const make = (): Searches =>
    new Searches({
      trainerProgram: trainerProgram(fileURLToPath(import.meta.url)),
      onChange: () => undefined,
      onEnd: ({ state }) => ended.push(state),
      onError: (error) => errors.push(error),
    });
  const stateWhen = async (isIt: (folder: string) => boolean): Promise<string | undefined> => {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      await searches.refresh([workspaceFolder]);
      const [search] = searches.all;
      if ((search && isIt(search.folder)) || performance.now() > deadline) return search?.state;
      await wait(100);
    }
  };

  before(() => {
    workspaceFolder = temporaryFolder();
    const training = { ...tinyExperiment.training, epochs: 1 };
    // The student learns from labels alone, so that no teacher has to be trained.
    const objective = [{ loss: 'labels', weight: 1 }];
    const search = { space: { 'student.hidden[0]': [4, 8, 12] }, trials: 3 };
    asked = {
      experiment: { ...tinyExperiment, name: 'tiny', teacher: null, objective, training, search },
      name: 'tiny',
      baseDirectory: workspaceFolder,
      workspaceFolder,
      atOnce: 1,
    };
    searches = make();
  });
  after(() => {
    searches.dispose();
    removeFolder(workspaceFolder);
  });

  it('goes on after it was killed, is found by another window, stopped there, and removed with its log', async () => {
    await searches.refresh([workspaceFolder]);
    const { folder, isUnderWay } = await searches.start(asked);
    assert.ok(isUnderWay);
    assert.deepEqual(
      searches.all.map(({ state, name }) => [name, state]),
      [['tiny', 'running']],
    );
    await assert.rejects(searches.resume(folder), /is taken/);
    await stateWhen(() => existsSync(join(folder, trialFolder(0), 'status.json')));
    const state = leaseStateOf(folder);
    assert.ok(state.kind === 'held');
    killProcessTree(state.lease);
    assert.equal(await stateWhen(() => leaseStateOf(folder).kind === 'stale'), 'interrupted');
    assert.deepEqual(ended, ['interrupted']);

    searches.dispose();
    searches = make();
    await searches.refresh([workspaceFolder]);
    assert.equal((await searches.findSame(asked))?.folder, folder);
    assert.equal(await searches.findSame({ ...asked, experiment: { ...asked.experiment, name: 'other' } }), undefined);
    assert.ok(await searches.resume(folder));
    assert.equal(await runBase({ get: () => undefined }, join(folder, trialFolder(0))), workspaceFolder);
    await searches.stop(folder);
    const stopped = searches.all[0]?.state;
    // Three tiny trials may be done before they are stopped.
    assert.ok(stopped === 'stopped' || stopped === 'finished', stopped);
    assert.deepEqual(ended, ['interrupted', stopped]);
    await searches.remove(folder, (path) => rm(path, { recursive: true }));
    assert.ok(!existsSync(searchLog(folder)));
    assert.deepEqual([searches.all, errors], [[], []]);
  });
});
