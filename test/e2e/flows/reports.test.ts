import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { crowdedRun, CROWDED_NAME } from '../support/crowdedRun.ts';
import { lookInEveryTheme } from '../support/looks.ts';
import { widerThanPage } from '../support/overflow.ts';
import { Panel } from '../support/panel.ts';
import { runsIn } from '../support/runFolders.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

/** What is used of an element that is scrolled; its types are not known here. */
interface Scroller {
  readonly scrollWidth: number;
  readonly clientWidth: number;
}

const WIDE = { width: 1280, height: 800 };
/** Of the page some 500 pixels are left. */
const NARROW = { width: 550, height: 900 };

describe('a report with every part and long names', () => {
  const opened = withWorkbench('crowded', { inOrder: true, files: crowdedRun() });

  /** Fails where the shown page is wider than its window, in a wide one and in a narrow one, in which it has all the room there is. */
  async function findWider(name: string): Promise<void> {
    const { workbench } = opened();
    assert.deepEqual(await widerThanPage(workbench), []);
    await workbench.page.keyboard.press('ControlOrMeta+b');
    await workbench.page.setViewportSize(NARROW);
    await workbench.screenshot(`${name}-narrow`);
    assert.deepEqual(await widerThanPage(workbench), []);
    await workbench.page.setViewportSize(WIDE);
    await workbench.page.keyboard.press('ControlOrMeta+b');
  }

  it('fits the panel, however narrow that is', async () => {
    const { workbench } = opened();
    await workbench.openActivity('Distillery');
    await workbench.treeRows().nth(1).click();
    const panel = new Panel(workbench);
    await panel.part('report.summary').waitFor();
    await findWider('report-crowded');
  });

  it('can be read in every theme', async () => {
    await lookInEveryTheme(opened().workbench, 'report-crowded');
  });

  it('says which epoch was kept, and keeps figures in sight beside long names', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    await panel.part('report.epoch-choice').getByText('Epoch 9 was kept.').waitFor();
    for (const id of ['members', 'provenance', 'epoch-choice']) {
      const table = panel.part(`report.${id}`);
      await table.scrollIntoViewIfNeeded();
      await workbench.screenshot(`report-${id}`);
    }
    const scroller = panel.part('report.members').locator('.table-scroll');
    const { scrollWidth, clientWidth } = await scroller.evaluate((node) => {
      const { scrollWidth, clientWidth } = node as unknown as Scroller;
      return { scrollWidth, clientWidth };
    });
    assert.equal(scrollWidth, clientWidth);
  });

  it('is shown in a tab of its own, which fits, too', async () => {
    const { workbench } = opened();
    await new Panel(workbench).part('report').getByText('Open report').click();
    await workbench.tab(`Report: ${CROWDED_NAME}`).waitFor();
    await workbench.closeTab(`Distill: ${CROWDED_NAME}`);
    await workbench.webview().getByRole('heading', { name: 'Compression', exact: true }).waitFor();
    await findWider('report-page');
    await lookInEveryTheme(workbench, 'report-page');
  });

  it('has that tab back after a reload', async () => {
    const { workbench } = opened();
    await workbench.reload();
    await workbench.webview().getByRole('heading', { name: 'Compression', exact: true }).waitFor();
    assert.equal(await workbench.tab(`Report: ${CROWDED_NAME}`).count(), 1);
    await workbench.screenshot('report-page-reloaded');
  });

  it('says in that tab that the run is gone where it was deleted meanwhile', async () => {
    const { workbench, folder } = opened();
    const [run] = await runsIn(folder);
    assert.ok(run);
    await rm(run.folder, { recursive: true });
    await workbench.reload();
    const lost = workbench.webview().getByRole('alert');
    await lost.getByText('The report of this run is gone.').waitFor();
    await lost.getByText(`The folder of this run is gone: '${run.folder}'.`).waitFor();
    await lookInEveryTheme(workbench, 'report-gone');
  });
});
