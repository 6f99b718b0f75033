import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CANCELLED_NAME, cancelledRun, DONE } from '../support/cancelledRun.ts';
import { lookInEveryTheme } from '../support/looks.ts';
import { Panel } from '../support/panel.ts';
import { runsIn } from '../support/runFolders.ts';
import { withWorkbench } from '../support/withWorkbench.ts';
import { PATIENCE_MS } from '../support/until.ts';

describe('the curves of a run', () => {
  const opened = withWorkbench('curves', { inOrder: true, files: cancelledRun(100, 1) });

  it('stand where a run that was stopped opens, with how far it came', async () => {
    const { workbench } = opened();
    await workbench.openActivity('Distillery');
    await workbench.treeRows().nth(1).click();
    await workbench.tab(`Distill: ${CANCELLED_NAME}`).waitFor();
    const panel = new Panel(workbench);
    await panel.waitForState('cancelled');
    assert.equal(await panel.part('tab.train').getAttribute('aria-selected'), 'true');
    for (const id of ['accuracy', 'loss', 'learningRate', 'speed'] as const) {
      await panel.part(`chart.${id}`).waitFor();
      assert.ok((await panel.drawnShare(id)) > 0.005, `${id} draws nothing`);
    }
    assert.match(await panel.part('stages').innerText(), /dataset ✓/);
  });

  it('can be read in every theme', async () => {
    await lookInEveryTheme(opened().workbench, 'curves');
  });

  it('stand above the log of the run', async () => {
    const { workbench } = opened();
    const log = new Panel(workbench).part('runLog');
    await log.locator('summary').click();
    await lookInEveryTheme(workbench, 'run-log', () => log.locator('li').last().scrollIntoViewIfNeeded());
    await log.locator('summary').click();
  });

  it('are counted in steps and in time, smoothed, and looked at closely by keyboard', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    await panel.choose('charts.axis', 'Time');
    await panel.part('charts.smoothing').fill('0.8');
    await panel.part('chart.loss.logarithmic').click();
    assert.equal(await panel.part('chart.loss.logarithmic').getAttribute('aria-pressed'), 'true');
    assert.ok((await panel.drawnShare('loss')) > 0.005, 'nothing is drawn');
    const whole = panel.part('charts.whole');
    assert.equal(await whole.isVisible(), false);
    await panel.part('chart.accuracy').locator('.chart-plot').focus();
    const closeup = await panel.listenFor('closeup');
    await workbench.page.keyboard.press('+');
    await whole.waitFor();
    await closeup();
    await workbench.screenshot('curves-closely');
    await workbench.page.keyboard.press('0');
    await whole.waitFor({ state: 'hidden' });
  });

  it('can be dragged over to look closely', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    const plot = panel.part('chart.loss').locator('.u-over');
    const box = await plot.boundingBox();
    assert.ok(box);
    await workbench.page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 5 });
    await workbench.page.mouse.up();
    await panel.part('charts.whole').click();
    await panel.part('charts.whole').waitFor({ state: 'hidden' });
  });

  it('are saved as pictures and tables', async () => {
    const { workbench, folder } = opened();
    const panel = new Panel(workbench);
    const [run] = await runsIn(folder);
    // Every step of three lines, a heading, and what follows the last line break.
    const rows = { svg: 0, png: 0, csv: 3 * DONE * 100 + 2 };
    const beginnings = { svg: '<svg', png: '\u0089PNG', csv: 'line,network,epoch,step,seconds,value' };
    for (const format of ['svg', 'png', 'csv'] as const) {
      const beginning = beginnings[format];
      await panel.part('chart.loss.save').click();
      await panel.part(`chart.loss.save.${format}`).click();
      const input = workbench.page.locator('.quick-input-widget input[type=text]').first();
      await input.waitFor();
      await workbench.page.keyboard.press('Enter');
      await workbench.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
      const file = join(run!.folder, `loss.${format}`);
      const deadline = Date.now() + PATIENCE_MS;
      let content = '';
      while ((content === '' || content.split('\n').length < rows[format]) && Date.now() < deadline) {
        content = await readFile(file, 'latin1').catch(() => '');
        await workbench.page.waitForTimeout(100);
      }
      assert.ok(content.startsWith(beginning), `${file} begins with ${content.slice(0, 40)}`);
      if (format === 'csv') assert.equal(content.split('\n').length, rows.csv);
    }
  });
});
