import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { longDigits } from '../support/experiments.ts';
import { Panel } from '../support/panel.ts';
import { isProcessRunning, runsIn, waitForEnd } from '../support/runFolders.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

describe('leaving a run and coming back', () => {
  const opened = withWorkbench('leaving', {
    inOrder: true,
    files: { 'digits.distill.json': longDigits('digits') },
  });

  /** How many epochs the accuracy chart shows, which have to be all since the first. */
  async function epochsShown(panel: Panel): Promise<number> {
    const epochs = await panel.epochsInTable();
    assert.deepEqual(
      epochs,
      epochs.map((_, index) => index + 1),
    );
    return epochs.length;
  }

  it('loses nothing when the panel is closed and opened again', async () => {
    const { workbench, folder } = opened();
    await workbench.openExperiment('digits.distill.json');
    const panel = new Panel(workbench);
    await panel.start();
    await panel.waitForState('running');
    await panel.part('chart.accuracy').getByText('student').waitFor();
    const before = await epochsShown(panel);
    await workbench.closeTab('Distill: digits');
    await workbench.openActivity('Distillery');
    await workbench.treeRows().nth(1).click();
    await panel.waitForState('running');
    const after = await epochsShown(panel);
    assert.ok(after >= before, `${after} epochs are shown of ${before}`);
    assert.equal((await runsIn(folder)).length, 1);
  });

  it('is opened by every click, however often its row is drawn anew', async () => {
    const { workbench } = opened();
    for (let click = 0; click < 25; click += 1) {
      await workbench.treeRows().nth(1).click();
      await workbench.page.waitForTimeout(50);
    }
    assert.deepEqual(await workbench.page.locator('.notification-toast').allInnerTexts(), []);
    assert.equal(await workbench.tab('digits').count(), 1);
  });

  it('loses nothing when the window is reloaded', async () => {
    const { workbench, folder } = opened();
    const panel = new Panel(workbench);
    const before = await epochsShown(panel);
    const [run] = await runsIn(folder);
    assert.equal(run!.status.state, 'running');
    await workbench.reload();
    await panel.waitForState('running');
    const after = await epochsShown(panel);
    assert.ok(after >= before, `${after} epochs are shown of ${before}`);
    const [again] = await runsIn(folder);
    assert.equal(again!.status.processId, run!.status.processId, 'another process trains');
    assert.equal((await runsIn(folder)).length, 1);
  });

  it('loses nothing when the window shows another folder meanwhile', async () => {
    const { workbench, folder, host } = opened();
    const panel = new Panel(workbench);
    const before = await epochsShown(panel);
    const [run] = await runsIn(folder);
    const other = join(dirname(folder), 'leaving another # 50% für 学生');
    await mkdir(other, { recursive: true });
    await workbench.switchTo(host, other);
    assert.equal(await workbench.tab('digits').count(), 0);
    assert.ok(isProcessRunning(run!.status.processId!), 'it has ended');
    await workbench.switchTo(host, folder);
    await panel.waitForState('running');
    const after = await epochsShown(panel);
    assert.ok(after >= before, `${after} epochs are shown of ${before}`);
    assert.equal((await runsIn(folder))[0]!.status.processId, run!.status.processId, 'another process trains');
  });

  it('can be stopped from the window that came back', async () => {
    const { workbench, folder } = opened();
    const panel = new Panel(workbench);
    await panel.stop();
    await panel.waitForState('cancelled');
    const [run] = await runsIn(folder);
    assert.equal(run!.status.state, 'cancelled');
    await waitForEnd(run!.status.processId!);
  });
});
