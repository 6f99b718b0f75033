import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Searches } from '../../../../src/extension/search/searches.ts';
import { RunLease } from '../../../../src/runFolder/runLease.ts';
import { searchesDirectory, searchFiles } from '../../../../src/runFolder/searchFolder.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';

describe('the list of searches', () => {
  let workspaceFolder: string;
  beforeEach(() => {
    workspaceFolder = temporaryFolder();
  });
  afterEach(() => {
    removeFolder(workspaceFolder);
  });

  it('has a search that another window began in a folder that was new, although nobody tells of changes on disk', async () => {
    const told = new EventEmitter();
    const searches = new Searches({
      trainerProgram: 'not-started.mjs',
      onChange: () => told.emit('change'),
      onEnd: () => undefined,
      onError: (error) => told.emit('error', error),
    });
    try {
      await searches.refresh([workspaceFolder]);
      const listed = once(told, 'change');
      const folder = join(searchesDirectory(workspaceFolder), '2026-01-02T03-04-05-tiny');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, searchFiles.result), JSON.stringify({ name: 'tiny', endedBy: 'stopped', trials: [] }));
      await listed;
      assert.deepEqual(
        searches.all.map(({ name }) => name),
        ['tiny'],
      );
    } finally {
      searches.dispose();
    }
  });

  it('tells once that a search is over, however many look at the same time', async () => {
    const folder = join(searchesDirectory(workspaceFolder), '2026-01-02T03-04-05-tiny');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, searchFiles.result), JSON.stringify({ name: 'tiny', endedBy: 'stopped', trials: [] }));
    const lease = RunLease.take(folder);
    const ended: string[] = [];
    const searches = new Searches({
      trainerProgram: 'not-started.mjs',
      onChange: () => undefined,
      onEnd: ({ state }) => ended.push(state),
      onError: (error) => {
        throw error;
      },
    });
    try {
      await searches.refresh([workspaceFolder]);
      assert.equal(searches.all[0]?.state, 'running');
      lease.release();
      await Promise.all([searches.refresh(), searches.refresh()]);
      assert.deepEqual(ended, ['stopped']);
    } finally {
      searches.dispose();
    }
  });
});
