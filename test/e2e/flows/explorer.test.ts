import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFiles } from '../../../src/runFolder/runFolder.ts';
import { cancelledRun, CANCELLED_NAME } from '../support/cancelledRun.ts';
import { longDigits } from '../support/experiments.ts';
import { lookInEveryTheme } from '../support/looks.ts';
import { untrainedClassifier } from '../support/models.ts';
import { Panel } from '../support/panel.ts';
import { filesIn, runsFolder } from '../support/runFolders.ts';
import { storedRun, STORED_NAME } from '../support/storedRun.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

/** What is used of an element of a page; its types are not known here. */
interface MarkedElement {
  setAttribute(name: string, value: string): void;
}

/** The stored run once more, under another id and with a name of its own. */
function anotherRun(): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...Object.entries(storedRun()).map(([path, content]) => [
      path.replace('2026-01-02T', '2026-01-03T'),
      content.replaceAll('2026-01-02T', '2026-01-03T'),
    ]),
    ['.distillery/runs/2026-01-03T03-04-05-a-readable-tree/marks.json', JSON.stringify({ name: 'second try' })],
  ]) as Record<string, string>;
}

/** No run is started here: the flow looks at copied folders. */
describe('the list of runs', () => {
  const opened = withWorkbench('explorer', {
    inOrder: true,
    files: {
      ...storedRun(),
      ...anotherRun(),
      ...cancelledRun(),
      'models/small.onnx': untrainedClassifier({ sampleShape: [4], classes: 3 }),
      'first.distill.json': longDigits('first'),
      'second.distill.json': longDigits('second'),
    },
  });

  const row = (text: string | RegExp) => opened().workbench.treeRows().filter({ hasText: text });

  async function choose(text: string | RegExp, entry: string): Promise<void> {
    const { page } = opened().workbench;
    await row(text).first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: entry, exact: true }).hover();
    await page.keyboard.press('Enter');
  }

  async function answer(text: string): Promise<void> {
    const { page } = opened().workbench;
    const input = page.locator('.quick-input-widget input[type=text]').first();
    // Until it says what its keys do, the box is not what was asked for yet.
    await page
      .locator('.quick-input-widget')
      .getByText(/'Enter'/)
      .waitFor();
    await input.fill(text);
    await page.keyboard.press('Enter');
  }

  it('shows runs below their experiments, with how they ended and what they came to', async () => {
    await opened().workbench.openActivity('Distillery');
    await row('second try').waitFor();
    await row(STORED_NAME).first().waitFor();
    await row(CANCELLED_NAME).first().waitFor();
    assert.match((await row('second try').first().innerText()).replace(/\s+/g, ' '), /98\.91 %.*smaller/);
    assert.match(
      (
        await row(/Stopped/)
          .first()
          .innerText()
      ).replace(/\s+/g, ' '),
      /96\.00 %/,
    );
  });

  it('renames and stars a run, which is kept in its folder', async () => {
    const { folder, workbench } = opened();
    await choose('second try', 'Rename Run');
    await answer('the good one');
    await row('the good one').waitFor();
    await choose('the good one', 'Star Run');
    await row(/★/).waitFor();
    const [, run = ''] = (await filesIn(runsFolder(folder))).filter((name) => name.endsWith('a-readable-tree'));
    const marks = JSON.parse(await readFile(join(runsFolder(folder), run, runFiles.marks), 'utf8')) as unknown;
    assert.deepEqual(marks, { name: 'the good one', starred: true });
    await workbench.screenshot('explorer');
  });

  it('opens one panel for a run that is clicked twice', async () => {
    const { workbench } = opened();
    await row('the good one').dblclick();
    await workbench.tab(STORED_NAME).first().waitFor();
    await workbench.webview().getByTestId('tab.report').waitFor();
    assert.equal(await workbench.tab(STORED_NAME).count(), 1);
    await workbench.closeTab(STORED_NAME);
  });

  it('finds runs by words, and shows all again', async () => {
    const { workbench } = opened();
    await workbench.runCommand('Distillery: Search Runs');
    await answer('halfway');
    await row('the good one').waitFor({ state: 'detached' });
    await row(CANCELLED_NAME).first().waitFor();
    await workbench.page.getByText("1 of 3 runs match 'halfway'.").waitFor();
    await workbench.runCommand('Distillery: Search Runs');
    await answer('nothing like it');
    // Where nothing is found, the way back is there.
    await workbench.page.locator('.welcome-view').getByRole('button', { name: 'Clear Search' }).click();
    await row('the good one').waitFor();
  });

  it('compares two runs beside each other', async () => {
    const { workbench } = opened();
    await row('the good one').click();
    // A page that is being shown takes the focus, and a menu that is open then closes.
    await new Panel(workbench).part('report.summary').waitFor();
    await row(/98\.91 %/)
      .nth(1)
      .click({ modifiers: ['ControlOrMeta'] });
    await choose('the good one', 'Compare Runs');
    await workbench.tab('Comparison of 2 runs').waitFor();
    const page = workbench.webview();
    await page.getByRole('heading', { name: 'Quality against cost' }).waitFor();
    await page.getByText(/the good one: 1\.9× smaller/).waitFor();
    await lookInEveryTheme(workbench, 'comparison');
    // The same runs once more are compared in the tab that there is, which shows them as they are now.
    await page.locator('body').evaluate((node) => {
      (node as unknown as MarkedElement).setAttribute('data-of-before', '');
    });
    await choose('the good one', 'Compare Runs');
    await page
      .locator('body:not([data-of-before])')
      .getByText(/the good one: 1\.9× smaller/)
      .waitFor();
    assert.equal(await workbench.tab('Comparison of 2 runs').count(), 1);
    await workbench.reload();
    await workbench
      .webview()
      .getByText(/the good one: 1\.9× smaller/)
      .waitFor();
  });

  it('queues experiments, whose order outlives the window', async () => {
    const { workbench } = opened();
    await workbench.openActivity('Distillery');
    await choose(/^first/, 'Add to Queue');
    await choose(/^second/, 'Add to Queue');
    await workbench.page.getByRole('button', { name: 'Queue Section' }).click();
    await row(/^secondWaiting/).waitFor();
    await row(/^secondWaiting/).dragTo(row(/^firstWaiting/));
    const order = async (): Promise<string> =>
      (await row(/Waiting/).allInnerTexts()).map((text) => text.trim().replace(/\s*Waiting.*/s, '')).join(' ');
    await row(/Waiting/)
      .first()
      .filter({ hasText: /^second/ })
      .waitFor();
    await workbench.reload();
    // The view is open again by itself; whoever clicks on its icon meanwhile closes it.
    await row(/^secondWaiting/).waitFor();
    assert.equal(await order(), 'second first');
  });

  it('lists models with their parameters', async () => {
    const { workbench } = opened();
    await workbench.page.getByRole('button', { name: 'Models Section' }).click();
    await row(/small\.onnx.*131 parameters/).waitFor();
    await workbench.screenshot('explorer-models');
  });

  it('leads from an experiment to the last run of it', async () => {
    const { folder, workbench } = opened();
    // Before the window was reloaded the run was open: its tab is back, but was not shown since, so that it waits for its state.
    assert.equal(await workbench.tab('the good one').count(), 1);
    await writeFile(join(folder, 'again.distill.json'), longDigits(STORED_NAME));
    await workbench.openExperiment('again.distill.json');
    const panel = new Panel(workbench);
    await panel.openTab('report');
    await panel.part('report.openLastRun').click();
    // The tab of the run bears the name that a person gave it; there is one, in which the run was open before.
    await panel.part('report.summary').waitFor();
    await workbench.tab('the good one').waitFor();
  });

  it('opens an experiment in the place of its tab that a reload left waiting, as it was edited', async () => {
    const { workbench } = opened();
    await workbench.openExperiment('first.distill.json');
    const panel = new Panel(workbench);
    await panel.waitUntilOf('first');
    // What is told of an edit comes after it was kept.
    const isChecked = await panel.listenFor('problems');
    await panel.fill('training.epochs', '18');
    await isChecked();
    await workbench.reloadBehind('Distill: first');
    await workbench.openExperiment('first.distill.json');
    await panel.waitForValue('training.epochs', '18');
    assert.equal(await workbench.tab('Distill: first').count(), 1);
  });
});
