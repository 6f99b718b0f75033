import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TRAINER_LOG } from '../../../src/launching/readRuns.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { checkpointFiles } from '../../../src/runFolder/checkpointFolder.ts';
import { runFiles } from '../../../src/runFolder/runFolder.ts';
import { isFull, tellShortened } from '../../support/full.ts';
import { seriousBarriers } from '../support/accessibility.ts';
import { longDigits } from '../support/experiments.ts';
import { Panel } from '../support/panel.ts';
import { type RunOnDisk, runsIn, waitForEnd } from '../support/runFolders.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

const EPOCHS = 6;
const LAST_WORDS = 'the driver gave up';

/** Ends by itself after some seconds, and stores where it is again and again. */
const brief = longDigits('fragile', { epochs: EPOCHS, batchSize: 8, learningRate: 0.001, checkpointMinutes: 0.001 });

describe('a run whose process dies', () => {
  const opened = withWorkbench('crash', { inOrder: true, files: { 'fragile.distill.json': brief } });

  async function onlyRun(): Promise<RunOnDisk> {
    const [run, ...others] = await runsIn(opened().folder);
    assert.ok(run && others.length === 0);
    return run;
  }

  /** The epochs of a network that the run told of, in this order. */
  async function epochsOf({ folder }: RunOnDisk, network: string): Promise<readonly number[]> {
    const lines = (await readFile(join(folder, runFiles.metrics), 'utf8')).split('\n').slice(0, -1);
    return lines.flatMap((line) => {
      const event = JSON.parse(line) as RunEvent;
      return event.kind === 'epoch' && event.network === network ? event.epoch : [];
    });
  }

  it('is marked, says what happened and how the process’s log ends, and offers to go on', async () => {
    const { workbench } = opened();
    await workbench.openExperiment('fragile.distill.json');
    const panel = new Panel(workbench);
    await panel.start();
    await panel.waitForState('running');
    const run = await onlyRun();
    while (!(await epochsOf(run, 'student')).includes(1)) await wait(5);
    // What a library writes before it takes the process with it goes where the process's standard error goes.
    await appendFile(join(run.folder, TRAINER_LOG), `${LAST_WORDS}\n`);
    process.kill(run.status.processId!, 'SIGKILL');
    await panel.waitForState('interrupted');
    await panel.part('status').getByText('Interrupted: the process that trained is gone').waitFor();
    await panel.problems().getByText('was killed: by a person, or by the system').waitFor();
    await workbench.webview().locator('.log', { hasText: LAST_WORDS }).waitFor();
    await panel.part('openLog').waitFor();
    await panel.part('resume').waitFor();
    assert.equal((await onlyRun()).status.state, 'interrupted');
    assert.ok(existsSync(join(run.folder, runFiles.checkpoint, checkpointFiles.training)));
    await workbench.webview().getByText('Resume goes on from the last checkpoint.').waitFor();
    await workbench.screenshot('interrupted');
    assert.deepEqual(await seriousBarriers(workbench), []);
    await workbench.openActivity('Distillery');
    await workbench.treeRows().filter({ hasText: 'Interrupted' }).waitFor();
  });

  it('goes on from its checkpoint when that is asked for, to its end', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    await panel.part('resume').click();
    await panel.waitForState('finished');
    await panel.part('report.summary').waitFor();
    const run = await onlyRun();
    assert.equal(run.status.state, 'finished');
    // What was done is not done again.
    assert.deepEqual(
      await epochsOf(run, 'student'),
      Array.from({ length: EPOCHS }, (_, index) => index + 1),
    );
    assert.deepEqual(await epochsOf(run, 'teacher'), [1]);
  });
});

/** A process is given a minute before anybody is told. */
const describeInFull = isFull ? describe : describe.skip;
if (!isFull) tellShortened('flows in VS Code: what is told of a process that hangs, after a minute');

describeInFull('a run whose process hangs', () => {
  const opened = withWorkbench('hang', { inOrder: true, files: { 'digits.distill.json': longDigits('digits') } });

  it('is told after a minute, and can be stopped', async () => {
    const { workbench, folder } = opened();
    await workbench.openExperiment('digits.distill.json');
    const panel = new Panel(workbench);
    await panel.start();
    await panel.part('status').getByText('Training the student').waitFor();
    const [run] = await runsIn(folder);
    const processId = run!.status.processId!;
    process.kill(processId, 'SIGSTOP');
    await panel.part('status').getByText('No sign of life for a minute').waitFor({ timeout: 200_000 });
    await workbench.screenshot('silent');
    await workbench.page.getByRole('button', { name: 'Stop Run' }).click();
    await panel.waitForState('interrupted');
    await waitForEnd(processId);
    await panel.part('resume').waitFor();
  });
});
