import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentInput } from '../../../src/experiment/schema.ts';
import { formatLoss } from '../../../src/report/format.ts';
import { lookInEveryTheme } from '../support/looks.ts';
import { Panel } from '../support/panel.ts';
import { repositoryRoot } from '../support/paths.ts';
import { runsIn } from '../support/runFolders.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

const experiment: ExperimentInput = {
  name: 'houses',
  teacher: { architecture: 'mlp', hidden: [32], training: { epochs: 10 } },
  dataset: { path: 'houses.csv', task: 'regression', target: 'price' },
  student: { architecture: 'mlp', hidden: [8] },
  training: { epochs: 10, batchSize: 32, learningRate: 0.003 },
  device: 'cpu',
};

/** The colour of a page, and what the editor's is. Run in the browser. */
const COLOURS = `(() => {
  const editor = document.createElement('div');
  editor.style.backgroundColor = 'var(--vscode-editor-background)';
  document.body.append(editor);
  const colourOf = (node) => getComputedStyle(node).backgroundColor;
  return { page: colourOf(document.body), editor: colourOf(editor) };
})()`;

describe('distilling a regression', () => {
  const opened = withWorkbench('regression', {
    files: {
      'houses.distill.json': JSON.stringify(experiment),
      'houses.csv': readFileSync(join(repositoryRoot, 'examples', 'data', 'houses.csv')),
    },
    inOrder: true,
  });

  it('is drawn and reported by losses, for there is no accuracy', async () => {
    const { workbench, folder } = opened();
    await workbench.openExperiment('houses.distill.json');
    const panel = new Panel(workbench);
    await panel.waitUntilShown();
    await panel.start();
    await panel.waitForState('finished');
    await panel.part('report').waitFor();
    const { student, teacher } = await panel.chart('validationLoss');
    assert.match(student ?? '', /^\d+\.\d+$/);
    assert.match(teacher ?? '', /^\d+\.\d+$/);
    assert.equal(await panel.part('chart.accuracy').isVisible(), false);
    assert.ok((await panel.part('report.table.rmse').innerText()).includes('Root mean squared error'));
    assert.equal(await panel.part('report.table.accuracy').count(), 0);
    assert.equal(await panel.part('report.classes').count(), 0);
    await lookInEveryTheme(workbench, 'regression');
    const [run] = await runsIn(folder);
    await workbench.openActivity('Distillery');
    await workbench.treeRows().nth(1).waitFor();
    const listed = await workbench.treeRows().nth(1).innerText();
    assert.ok(listed.includes(`student: loss ${formatLoss(run!.status.loss!)}`), listed);
  });

  it('has its report opened as a page', async () => {
    const { workbench } = opened();
    await new Panel(workbench).part('openReport').click();
    await workbench.tab(/^Report: /).waitFor();
    // It stands beside the panel.
    const shown = (place: number) =>
      workbench.page
        .locator('iframe.webview.ready:visible')
        .nth(place)
        .contentFrame()
        .frameLocator('iframe#active-frame');
    const headings = [0, 1].map((place) => shown(place).getByRole('heading', { name: 'Compression', exact: true }));
    const place = await Promise.any(headings.map((heading, index) => heading.waitFor().then(() => index)));
    // It has the colours of the editor, whichever the system prefers.
    const colours = await shown(place)
      .locator('body')
      .evaluate<{ readonly page: string; readonly editor: string }, string, unknown>(COLOURS);
    assert.equal(colours.page, colours.editor);
    await workbench.screenshot('report-page');
  });
});
