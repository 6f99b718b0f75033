import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { isProcessAlive } from '../../../../src/platform/processes/isProcessAlive.ts';

const PROGRAM = new URL('../../../../src/platform/processes/endWithParent.ts', import.meta.url).href;
const CHILD = `import(${JSON.stringify(PROGRAM)}).then(({ endWithParent }) => {
  endWithParent();
  process.send(process.pid, () => { for (;;); });
});`;
const PARENT = `const { spawn } = require('node:child_process');
spawn(process.execPath, ['--import', 'tsx', '-e', ${JSON.stringify(CHILD)}], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  .on('message', (processId) => console.log(processId));`;

describe('a process that computes for ever', () => {
  it('ends when the process that started it is killed', async () => {
    const parent = spawn(process.execPath, ['-e', PARENT], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const processId = Number(said.toString());
    assert.ok(processId > 0 && isProcessAlive(processId));
    parent.kill('SIGKILL');
    try {
      for (let round = 0; round < 300 && isProcessAlive(processId); round++) await wait(100);
      assert.equal(isProcessAlive(processId), false);
    } finally {
      if (isProcessAlive(processId)) process.kill(processId, 'SIGKILL');
    }
  });
});
