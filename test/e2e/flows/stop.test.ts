import assert from 'node:assert/strict';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from '../../../src/platform/onnxRuntime.ts';
import { runFiles } from '../../../src/runFolder/runFolder.ts';
import type { RunStatus } from '../../../src/protocol/events.ts';
import { longDigits } from '../support/experiments.ts';
import { lookInEveryTheme } from '../support/looks.ts';
import { Panel } from '../support/panel.ts';
import { repositoryRoot } from '../support/paths.ts';
import { isProcessRunning, runsIn, waitForEnd } from '../support/runFolders.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

describe('stopping a run', () => {
  const opened = withWorkbench('digits', {
    inOrder: true,
    files: { 'digits.distill.json': longDigits('digits') },
  });

  it('shows a run that goes on', async () => {
    const { workbench } = opened();
    await workbench.openExperiment('digits.distill.json');
    const panel = new Panel(workbench);
    await panel.start();
    await panel.waitForState('running');
    await panel.part('chart.accuracy').getByText('student').waitFor();
    await lookInEveryTheme(workbench, 'running');
    if (process.env['DISTILLERY_UPDATE_SCREENSHOTS'] === '1') {
      await workbench.page.setViewportSize({ width: 1280, height: 900 });
      await workbench.openActivity('Distillery');
      await workbench.treeRows().nth(1).waitFor();
      const picture = join(repositoryRoot, 'docs', 'images', 'panel.png');
      await mkdir(dirname(picture), { recursive: true });
      await cp(await workbench.screenshot('panel'), picture);
    }
  });

  it('has it wait, and go on from where it was', async () => {
    const { workbench, folder } = opened();
    const panel = new Panel(workbench);
    await panel.part('pause').click();
    await panel.part('status').getByText('Paused', { exact: true }).waitFor();
    const before = await panel.part('position').innerText();
    await workbench.page.waitForTimeout(1000);
    assert.equal(await panel.part('position').innerText(), before);
    assert.equal((await runsIn(folder))[0]?.status.paused, true);
    await workbench.screenshot('paused');
    await panel.part('pause').getByText('Continue').click();
    await panel.part('status').getByText('Training the student').waitFor();
    while ((await panel.part('position').innerText()) === before) await workbench.page.waitForTimeout(50);
  });

  it('ends its process', async () => {
    const { workbench, folder } = opened();
    const [run] = await runsIn(folder);
    const processId = run!.status.processId!;
    assert.ok(isProcessRunning(processId));
    const panel = new Panel(workbench);
    await panel.stop();
    await waitForEnd(processId);
  });

  it('says so, and keeps a student that can be used', async () => {
    const { workbench, folder } = opened();
    await new Panel(workbench).waitForState('cancelled');
    const [run] = await runsIn(folder);
    const status = JSON.parse(await readFile(join(run!.folder, runFiles.status), 'utf8')) as RunStatus;
    assert.equal(status.state, 'cancelled');
    const session = await InferenceSession.create(join(run!.folder, runFiles.student));
    const image = new Tensor('float32', new Float32Array(28 * 28), [1, 1, 28, 28]);
    const outputs = await session.run({ [session.inputNames[0]!]: image });
    assert.deepEqual(outputs[session.outputNames[0]!]!.dims, [1, 10]);
    await session.release();
  });
});
