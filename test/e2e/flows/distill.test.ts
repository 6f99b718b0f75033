import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFiles } from '../../../src/runFolder/runFolder.ts';
import { formatPercent } from '../../../src/report/format.ts';
import type { Report } from '../../../src/report/report.ts';
import { seriousBarriers } from '../support/accessibility.ts';
import { lookInEveryTheme } from '../support/looks.ts';
import { plainSpaces } from '../../support/plainSpaces.ts';
import { Panel } from '../support/panel.ts';
import { runsIn } from '../support/runFolders.ts';
import { STORED_NAME, storedRun } from '../support/storedRun.ts';
import { withWorkbench } from '../support/withWorkbench.ts';
import { PATIENCE_MS } from '../support/until.ts';

describe('distilling the built-in digits', () => {
  const opened = withWorkbench('distilling', { inOrder: true, files: storedRun() });

  it('starts from a form that is filled in, and can be changed', async () => {
    const { workbench } = opened();
    await workbench.runCommand('Distillery: Try the Built-in Digits');
    const panel = new Panel(workbench);
    await panel.waitUntilShown();
    assert.equal(await panel.valueOf('dataset.path'), 'builtin:digits');
    // What the data are is told before anything is started.
    await panel
      .part('section.dataset')
      .getByText(/\d to learn from/)
      .waitFor();
    assert.equal(await panel.part('section.dataset').locator('.examples img').count(), 10);
    const estimate = panel.part('student.estimate');
    await panel.fill('student.hidden', '16');
    await estimate.getByText('14.0 k').first().waitFor();
    // A slider is moved by the keyboard, too.
    await panel.part('student.channels.width').press('ArrowRight');
    await panel.waitForValue('student.channels', '12, 24');
    await estimate.getByText('21.8 k').first().waitFor();
    await panel.part('student.channels.width').press('ArrowLeft');
    assert.equal(await panel.part('training.seed').isVisible(), false);
    await lookInEveryTheme(workbench, 'form');
    await panel.showAllSettings();
    await panel.choose('teacher', 'Train an MLP first');
    await panel.fill('teacher.hidden', '64');
    await panel.part('section.teacher').getByText('Training of the teacher').click();
    await panel.fill('teacher.training.epochs', '2');
    await panel.fill('dataset.limit', '500');
    await panel.fill('student.hidden', '16');
    await panel.fill('training.epochs', '60');
    await panel.choose('device', 'CPU');
  });

  it('draws loss and accuracy live, against the teacher’s line', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    await panel.start();
    await panel.waitForState('running');
    assert.ok(await panel.part('stop').locator('button').isEnabled());
    const accuracies = new Set<string>();
    const losses = new Set<string>();
    const deadline = Date.now() + PATIENCE_MS;
    while ((accuracies.size < 4 || losses.size < 4) && Date.now() < deadline) {
      const { student, teacher } = await panel.chart('accuracy');
      const { 'Distillation (kd)': kd } = await panel.chart('loss');
      if (student !== undefined && teacher !== undefined) accuracies.add(student);
      if (kd !== undefined) losses.add(kd);
      await workbench.page.waitForTimeout(150);
    }
    assert.ok(accuracies.size >= 4, `the accuracy did not move: ${[...accuracies].join(', ')}`);
    assert.ok(losses.size >= 4, `the loss did not move: ${[...losses].join(', ')}`);
    assert.match((await panel.chart('accuracy'))['teacher'] ?? '', /^\d+\.\d+ %$/);
    assert.ok((await panel.drawnShare('accuracy')) > 0.005, 'nothing is drawn');
    await panel.part('runLog').locator('summary').click();
    assert.match(await panel.part('runLog').locator('li').first().innerText(), /\S/, 'the log of the run is empty');
  });

  it('ends with the compression report, which says what the run folder says', async () => {
    const { workbench, folder } = opened();
    const panel = new Panel(workbench);
    await panel.waitForState('finished');
    await panel.part('report').waitFor();
    // What it was trained on is in the report; why not on something else is over.
    assert.equal(await panel.part('run').getByTestId('device').textContent(), '');
    assert.equal(await panel.part('tab.report').getAttribute('aria-selected'), 'true');
    const run = (await runsIn(folder)).at(-1);
    assert.ok(run);
    assert.equal(run.status.state, 'finished');
    const report = JSON.parse(await readFile(join(run.folder, runFiles.report), 'utf8')) as Report;
    assert.equal(plainSpaces(await panel.part('report.summary').innerText()), report.summary);
    const agreement = await panel.part('report.agreement').locator('strong').innerText();
    assert.equal(plainSpaces(agreement), formatPercent(report.agreement!));
    const row = plainSpaces(await panel.part('report.table.accuracy').innerText());
    for (const model of [report.teacher!, report.student, report.baseline!]) {
      assert.ok(
        row.includes(formatPercent(model.test.accuracy ?? NaN)),
        `${row} lacks ${formatPercent(model.test.accuracy ?? NaN)}`,
      );
    }
    await lookInEveryTheme(workbench, 'report');
  });

  it('draws how far the student can be believed and what it takes for what, each with its table', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    for (const [id, marks] of [
      ['reliability', 'rect.bar'],
      ['confusion', 'rect.right'],
    ] as const) {
      const part = panel.part(`report.${id}`);
      await part.scrollIntoViewIfNeeded();
      assert.ok((await part.locator(`svg ${marks}`).count()) > 0, `${id} draws nothing`);
      // Without the style of the drawings everything would be black.
      assert.match(
        await panel.fillOf(part.locator(`svg ${marks}`).first()),
        /^rgb\((?!0, 0, 0)/,
        `${id} has no colours`,
      );
      assert.equal(await part.locator('table').isVisible(), false);
      await panel.part(`report.${id}.toggleTable`).click();
      await part.locator('table').waitFor();
      await panel.part(`report.${id}.toggleTable`).click();
    }
    await workbench.screenshot('report-figures');
  });

  it('explains a sample that is chosen: a picture for each model, and in words where the number is none', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    const part = panel.part('explanation');
    await part.scrollIntoViewIfNeeded();
    await panel.fill('explanation.sample', '100000');
    await panel.part('explanation.explain').click();
    await part
      .getByText(/must be a whole number from 0 to \d+/)
      .first()
      .waitFor();
    await panel.fill('explanation.sample', '3');
    await panel.part('explanation.explain').click();
    await part.locator('h3').waitFor();
    assert.match(await part.locator('h3').innerText(), /sample 3/i);
    assert.ok((await part.locator('img, svg').count()) >= 2, 'teacher and student are not drawn');
    await part.scrollIntoViewIfNeeded();
    await lookInEveryTheme(workbench, 'explanation');
  });

  it('lists the experiment and its run in the view, with state and accuracy', async () => {
    const { workbench, folder } = opened();
    const run = (await runsIn(folder)).at(-1);
    await workbench.openActivity('Distillery');
    await workbench.treeRows().nth(1).waitFor();
    const [experiment = '', listed = ''] = await workbench.treeRows().allInnerTexts();
    assert.match(experiment, /built-in digits/i);
    assert.match((await workbench.treeRows().nth(1).getAttribute('aria-label')) ?? '', /Finished/);
    assert.ok(listed.includes(formatPercent(run!.status.accuracy!)), listed);
    assert.ok(listed.includes(`teacher ${formatPercent(run!.status.teacherAccuracy!)}`), listed);
    await workbench.screenshot('view');
  });

  it('shows a run that ended long ago: its tree, the way of a sample that is chosen, and its size beside other runs', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    await workbench.treeRows().getByText('98.91').click();
    await workbench.tab(`Distill: ${STORED_NAME}`).waitFor();
    const tree = panel.part('report.tree');
    await tree.locator('svg image').first().waitFor();
    // The way of the first sample, through the part of the tree that has a drawing of its own, too.
    assert.match(plainSpaces(await panel.part('report.tree.way').innerText()), /leaf 31, reached with 90 %/);
    const onWay = tree.locator('svg .branch.on-way');
    await onWay.nth(4).waitFor({ state: 'attached' });
    await panel.choose('report.tree.sample', 'Sample 7: a, but the tree says c');
    await panel.part('report.tree.way').getByText('leaf 0, reached with 50 %').waitFor();
    await onWay.nth(4).waitFor({ state: 'attached' });
    assert.equal(await onWay.count(), 5);
    assert.equal(await tree.locator('table').first().isVisible(), false);
    await panel.part('report.tree.toggleTable').click();
    await tree.locator('table').first().waitFor();
    await panel.part('report.tree.toggleTable').click();
    const sizes = panel.part('report.sizes');
    assert.equal(await sizes.locator('svg .point.of-run').count(), 3);
    assert.ok((await sizes.locator('svg .point.of-other').count()) >= 2, 'the other run is not shown');
    await workbench.page.setViewportSize({ width: 1280, height: 1900 });
    await tree.scrollIntoViewIfNeeded();
    await lookInEveryTheme(workbench, 'report-drawings');
  });

  it('begins what the report advises: one click changes the experiment and shows what was changed', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
    await panel.part('advice.worse-than-baseline').getByText('Open baseline').waitFor();
    await panel.part('advice.too-small.apply').click();
    await panel.part('advised').getByText('Depth 6 (before: 5)').waitFor();
    assert.equal(await panel.part('tab.configure').getAttribute('aria-selected'), 'true');
    assert.equal(await panel.valueOf('student.depth'), '6');
    await panel.part('section.student').getByText('Changed; before: 5.').waitFor();
    assert.equal(await panel.part('start').innerText(), 'Start');
    await workbench.screenshot('advised');
    assert.deepEqual(await seriousBarriers(workbench), []);
    await panel.part('advised.undo').click();
    assert.equal(await panel.valueOf('student.depth'), '5');
  });
});
