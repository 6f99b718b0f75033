import assert from 'node:assert/strict';
import { seriousBarriers } from '../support/accessibility.ts';
import { Panel } from '../support/panel.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

describe('a window without a folder', () => {
  const opened = withWorkbench('no-folder', { hasFolder: false, inOrder: true });

  it('says in the view what a folder is for, and opens one', async () => {
    const { workbench } = opened();
    await workbench.openActivity('Distillery');
    await workbench.page.locator('.welcome-view').getByText('Runs are written into a folder').waitFor();
    await workbench.page.locator('.welcome-view').getByRole('button', { name: 'Open Folder' }).waitFor();
  });

  it('lets an experiment be put together, and leads to a folder in place of starting', async () => {
    const { workbench } = opened();
    await workbench.runCommand('Distillery: Try the Built-in Digits');
    const panel = new Panel(workbench);
    await panel.part('noFolder').getByText('a run needs a folder to be written into').waitFor();
    assert.ok(await panel.part('start').locator('button').isDisabled());
    assert.deepEqual(await seriousBarriers(workbench), []);
    await workbench.screenshot('no-folder');
    await panel.part('openFolder').click();
    await workbench.page.locator('.quick-input-widget').getByText('Open Folder').first().waitFor();
  });
});
