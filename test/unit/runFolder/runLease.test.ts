import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { identityOf, isStillThere } from '../../../src/platform/processes/processIdentity.ts';
import { leaseStateOf, removeLeaseOfTask, RunLease } from '../../../src/runFolder/runLease.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

describe('RunLease', () => {
  it('is had by one at a time, who is named to the others', async () => {
    await withTemporaryFolder((folder) => {
      const lease = RunLease.take(folder);
      assert.throws(() => RunLease.take(folder), {
        code: 'BAD_INPUT',
        message: new RegExp(`is taken: process ${process.pid} has been writing a run to it since`),
      });
      assert.equal(lease.isHeld, true);
      lease.release();
      assert.deepEqual(readdirSync(folder), []);
      RunLease.take(folder).release();
      return Promise.resolve();
    });
  });

  it('is taken over from a process that is gone, from another with its number, and where it is damaged', async () => {
    await withTemporaryFolder((folder) => {
      const of = (process: object) => JSON.stringify({ host: hostname(), token: 'x', since: 'then', ...process });
      const { pid } = process;
      const stale = [of({ processId: 2 ** 30, started: null }), of({ processId: pid, started: 'before' }), '{"pro'];
      for (const content of stale) {
        writeFileSync(join(folder, 'lease.json'), content);
        assert.equal(leaseStateOf(folder).kind, 'stale', content);
        const lease = RunLease.take(folder);
        assert.equal(leaseStateOf(folder).kind, 'held');
        assert.deepEqual(readdirSync(folder), ['lease.json']);
        lease.release();
      }
      return Promise.resolve();
    });
  });

  it('of another machine is respected, with how to remove it', async () => {
    await withTemporaryFolder((folder) => {
      const path = join(folder, 'lease.json');
      const content = JSON.stringify({ processId: 1, started: null, host: 'elsewhere', token: 'x', since: 'then' });
      writeFileSync(path, content);
      assert.throws(() => RunLease.take(folder), {
        message: /process 1 on the machine 'elsewhere'/,
        hint: `If that process is gone, remove '${path}'.`,
      });
      assert.equal(readFileSync(path, 'utf8'), content);
      return Promise.resolve();
    });
  });

  it("of a task of a cluster is its own again when it is started anew on another machine, and nobody else's", async () => {
    await withTemporaryFolder((folder) => {
      const content = { processId: 1, started: null, host: 'elsewhere', token: 'x', since: 'then', task: 'slurm:7_2' };
      const inTask = (index: string, work: () => void) => {
        Object.assign(process.env, { SLURM_JOB_ID: '9', SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: index });
        try {
          work();
        } finally {
          delete process.env['SLURM_JOB_ID'];
          delete process.env['SLURM_ARRAY_JOB_ID'];
          delete process.env['SLURM_ARRAY_TASK_ID'];
        }
      };
      const write = () => {
        writeFileSync(join(folder, 'lease.json'), JSON.stringify(content));
      };
      write();
      inTask('3', () => {
        assert.equal(leaseStateOf(folder).kind, 'elsewhere');
      });
      inTask('2', () => {
        assert.equal(leaseStateOf(folder).kind, 'stale');
        const lease = RunLease.take(folder);
        assert.match(readFileSync(join(folder, 'lease.json'), 'utf8'), /"task": "slurm:7_2"/);
        lease.release();
      });
      // Whoever knows that the task is over may free what it left.
      write();
      removeLeaseOfTask(folder, 'slurm:7_1');
      assert.equal(leaseStateOf(folder).kind, 'elsewhere');
      removeLeaseOfTask(folder, 'slurm:7_2');
      assert.deepEqual(readdirSync(folder), []);
      return Promise.resolve();
    });
  });

  it('that is lost says so before anything is written', async () => {
    await withTemporaryFolder((folder) => {
      const lost = RunLease.take(folder);
      writeFileSync(join(folder, 'lease.json'), '{}');
      const held = RunLease.take(folder);
      assert.throws(() => {
        lost.assertHeld();
      }, /was taken from this process: process \d+ has been writing/);
      lost.release();
      assert.equal(held.isHeld, true, 'one who lost it releases nothing');
      held.release();
      return Promise.resolve();
    });
  });

  it('goes to one of many processes that find it stale at the same time', async () => {
    await withTemporaryFolder(async (folder) => {
      const stale = { processId: 2 ** 30, started: null, host: hostname(), token: 'x', since: 'then' };
      writeFileSync(join(folder, 'lease.json'), JSON.stringify(stale));
      const module = fileURLToPath(new URL('../../../src/runFolder/runLease.ts', import.meta.url));
      const cwd = fileURLToPath(new URL('../../../', import.meta.url));
      const begin = Date.now() + 3000;
      // Whoever has it keeps it until the last has tried, however late a busy machine starts that one.
      const program = `import { RunLease } from ${JSON.stringify(module)};
        await new Promise((resolve) => setTimeout(resolve, ${begin} - Date.now()));
        try {
          const lease = RunLease.take(${JSON.stringify(folder)});
          console.log('taken');
          await new Promise((resolve) => process.stdin.resume().once('end', resolve));
          console.log(lease.isHeld);
        } catch (error) { console.log(error.code); }`;
      const args = ['--import', 'tsx', '--input-type=module', '-e', program];
      const children = Array.from({ length: 4 }, () => {
        const child = spawn(process.execPath, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
        const closed = once(child, 'close');
        const lines: string[] = [];
        const spoken = new Promise<void>((resolve) => {
          createInterface(child.stdout)
            .on('line', (line) => {
              lines.push(line);
              resolve();
            })
            .on('close', resolve);
        });
        return { child, closed, lines, spoken };
      });
      await Promise.all(children.map(({ spoken }) => spoken));
      for (const { child } of children) child.stdin.end();
      await Promise.all(children.map(({ closed }) => closed));
      const said = children.map(({ lines }) => lines.at(-1) ?? '');
      assert.deepEqual(said.toSorted(), ['BAD_INPUT', 'BAD_INPUT', 'BAD_INPUT', 'true']);
    });
  });
});

describe('the identity of a process', () => {
  it('tells a process from another one that has its number', () => {
    const own = identityOf(process.pid);
    assert.equal(isStillThere(own), true);
    assert.equal(isStillThere(identityOf(process.ppid)), true);
    if (own.started !== null) {
      assert.equal(isStillThere({ ...own, started: 'before' }), false);
    }
  });
});
