import assert from 'node:assert/strict';
import type { BrowserContext } from 'playwright-core';
import { longDigits } from '../support/experiments.ts';
import { Panel } from '../support/panel.ts';
import { runsIn, waitForEnd } from '../support/runFolders.ts';
import { PATIENCE_MS, until } from '../support/until.ts';
import { withWorkbench } from '../support/withWorkbench.ts';
import { Workbench } from '../support/workbench.ts';

/** Nothing was run in the folder before either window was opened: watchers of files tell of nothing in what is made there. */
describe('two windows on one folder', () => {
  const opened = withWorkbench('two-windows', {
    inOrder: true,
    files: { 'digits.distill.json': longDigits('digits'), 'second.distill.json': longDigits('second') },
  });
  let context: BrowserContext | undefined;
  let other: Workbench;

  before('open the other window', async () => {
    const { workbench, host, folder } = opened();
    // Of its own: windows of one browser share which tabs are open.
    context = await workbench.page
      .context()
      .browser()
      ?.newContext({ viewport: { width: 1280, height: 800 } });
    assert.ok(context);
    context.setDefaultTimeout(PATIENCE_MS);
    other = await Workbench.open(context, host, folder);
  });

  after(() => context?.close());

  it('both list a run that one of them started, and both follow it', async () => {
    const { workbench, folder } = opened();
    await other.openActivity('Distillery');
    await workbench.openExperiment('digits.distill.json');
    const panel = new Panel(workbench);
    await panel.start();
    await panel.waitForState('running');
    // A page that is not in front is not drawn. The run comes between the two experiments.
    await other.page.bringToFront();
    await other.treeRows().nth(2).waitFor();
    await other.treeRows().nth(1).click();
    const otherPanel = new Panel(other);
    await otherPanel.waitForState('running');
    await otherPanel.part('chart.accuracy').getByText('student').waitFor();
    await other.screenshot('two-windows-run');
    assert.equal((await runsIn(folder)).length, 1);
  });

  it('what one pauses waits in the other, which has it go on', async () => {
    const { workbench } = opened();
    const [panel, otherPanel] = [new Panel(workbench), new Panel(other)];
    await workbench.page.bringToFront();
    await panel.part('pause').click();
    await other.page.bringToFront();
    await otherPanel.part('status').getByText('Paused', { exact: true }).waitFor();
    await other.screenshot('two-windows-paused');
    await otherPanel.part('pause').getByText('Continue').click();
    await workbench.page.bringToFront();
    await panel.part('status').getByText('Training the student').waitFor();
  });

  it('what one stops has stopped in the other, once', async () => {
    const { workbench, folder } = opened();
    await other.page.bringToFront();
    await new Panel(other).stop();
    await workbench.page.bringToFront();
    await new Panel(workbench).waitForState('cancelled');
    const runs = await runsIn(folder);
    assert.deepEqual(
      runs.map(({ status }) => status.state),
      ['cancelled'],
    );
    await waitForEnd(runs[0]!.status.processId!);
  });

  it('what one queues waits in the other', async () => {
    const { workbench } = opened();
    await other.page.bringToFront();
    await other.page.getByRole('button', { name: 'Queue Section' }).click();
    await workbench.page.bringToFront();
    await workbench.openActivity('Distillery');
    const row = workbench.treeRows().filter({ hasText: /^second/ });
    await row.first().click({ button: 'right' });
    await workbench.page.getByRole('menuitem', { name: 'Add to Queue', exact: true }).hover();
    await workbench.page.keyboard.press('Enter');
    await other.page.bringToFront();
    await other
      .treeRows()
      .filter({ hasText: /^secondWaiting/ })
      .waitFor();
    await until('the other window shows one entry', async () => {
      return (
        (await other
          .treeRows()
          .filter({ hasText: /Waiting/ })
          .count()) === 1
      );
    });
  });

  it('what runs in the queue opens with a click, in whichever window', async () => {
    await other.runCommand('Distillery: Start Queue');
    const entry = other.treeRows().filter({ hasText: /^secondRunning/ });
    // Once: a view that is drawn anew loses no click.
    await entry.click();
    await other.tab('Distill: second').waitFor();
    const panel = new Panel(other);
    await panel.waitForState('running');
    await panel.stop();
    await panel.waitForState('cancelled');
  });
});
