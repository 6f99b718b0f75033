import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../../src/cli/main.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';
import { fakeTerminal } from '../../support/fakeTerminal.ts';

describe('files that no command can read', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    removeFolder(folder);
  });

  const messageOf = async (...words: string[]): Promise<string> => {
    const terminal = fakeTerminal(folder);
    assert.equal(await main(words, terminal), 2);
    return terminal.error.text;
  };

  it('are refused where brackets are nested too deeply, whatever looks for the place', async () => {
    writeFileSync(join(folder, 'a.json'), `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    for (const command of ['run', 'search'])
      assert.match(
        await messageOf(command, 'a.json'),
        /line 1, column 65 +brackets lie in each other more than 64 deep/,
      );
    assert.match(await messageOf('inspect', 'a.json'), /^a\.json has a problem:/);
  });

  it('are refused where they are pipes, whatever they are called', async function () {
    for (const name of ['a.json', 'a.distill.json', 'a.onnx', 'a.csv']) {
      if (spawnSync('mkfifo', [join(folder, name)]).status !== 0) this.skip();
      assert.match(await messageOf('inspect', name), /is a pipe or a device/);
    }
    assert.match(await messageOf('run', 'a.json'), /is a pipe or a device/);
  });
});
