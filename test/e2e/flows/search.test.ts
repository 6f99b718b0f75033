import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExperimentInput } from '../../../src/experiment/schema.ts';
import { seriousBarriers } from '../support/accessibility.ts';
import { Panel } from '../support/panel.ts';
import { withWorkbench } from '../support/withWorkbench.ts';
import { until } from '../support/until.ts';

/** Trials of which each goes on for a while, so that there is time to look, stop and come back. */
const experiment: ExperimentInput = {
  name: 'digits',
  teacher: null,
  dataset: { path: 'builtin:digits', limit: 2000 },
  student: { architecture: 'mlp', hidden: [16] },
  objective: [{ loss: 'labels', weight: 1 }],
  training: { epochs: 20 },
  baseline: false,
  device: 'cpu',
};
const search: ExperimentInput['search'] = {
  space: { 'student.hidden[0]': { log: [4, 64] }, 'training.learningRate': { log: [1e-3, 1e-2] } },
  trials: 200,
};

describe('a search for the best student', () => {
  const opened = withWorkbench('searching', {
    inOrder: true,
    files: {
      'digits.distill.json': JSON.stringify({ ...experiment, search }, null, 2),
      'plain.distill.json': JSON.stringify(experiment, null, 2),
    },
  });
  const part = (id: string) => opened().workbench.webview().locator(`[data-testid="search.${id}"]`);
  const trialsDone = async (): Promise<number> => Number(/^(\d+)/.exec(await part('time').innerText())?.[1] ?? '0');
  const row = (text: string | RegExp) => opened().workbench.treeRows().filter({ hasText: text });

  it('offers a section for an experiment that has none', async () => {
    const { workbench, folder } = opened();
    await workbench.openActivity('Explorer');
    await workbench.chooseFromContextMenu('plain.distill.json', 'Search for the Best Student');
    await workbench.page
      .getByText(/plain\.distill\.json has no section "search"/)
      .first()
      .waitFor();
    await workbench.page.getByRole('button', { name: 'Add a Search' }).click();
    await workbench.tab('plain.distill.json').waitFor();
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('ControlOrMeta+s');
    await workbench.page.locator('.view-lines').getByText('"trials"').waitFor();
    const path = join(folder, 'plain.distill.json');
    await until('the section is saved', async () => (await readFile(path, 'utf8')).includes('"trials": 30'));
    const { search: added } = JSON.parse(await readFile(path, 'utf8')) as ExperimentInput;
    assert.equal(added?.trials, 30);
    await workbench.closeTab('plain.distill.json');
  });

  it('starts from the file and shows its trials as they come', async () => {
    const { workbench } = opened();
    await workbench.chooseFromContextMenu('digits.distill.json', 'Search for the Best Student');
    // Where there is one core, nothing is asked.
    const once = workbench.page.locator('.quick-input-list').getByText('One trial after the other');
    await once.or(workbench.tab('Search: digits')).first().waitFor();
    if (await once.isVisible()) await workbench.page.keyboard.press('Enter');
    await workbench.tab('Search: digits').waitFor();
    await part('state').getByText('Searching').waitFor();
    await part('result').locator('tbody tr').nth(1).waitFor();
    await part('best')
      .getByText(/accuracy/)
      .waitFor();
    assert.deepEqual(await seriousBarriers(workbench), []);
  });

  it('is found again after a reload, and still goes on', async () => {
    const { workbench, folder } = opened();
    const before = await trialsDone();
    await workbench.reload();
    await part('state').getByText('Searching').waitFor();
    assert.ok((await trialsDone()) >= before);
    assert.equal(
      (await readdir(join(folder, '.distillery', 'searches'))).filter((name) => !name.endsWith('.log')).length,
      1,
    );
  });

  it('is opened in the place of its tab that a reload left waiting', async () => {
    const { workbench } = opened();
    await workbench.reloadBehind('Search: digits');
    await workbench.openActivity('Distillery');
    await row(/Searching · \d+ of 200 trials/)
      .first()
      .click();
    await part('state').getByText('Searching').waitFor();
    assert.equal(await workbench.tab('Search: digits').count(), 1);
  });

  it('opens the run of a trial', async () => {
    const { workbench } = opened();
    await part('result').locator('tbody th a').first().click();
    await workbench.tab('Distill: digits 0').waitFor();
    await new Panel(workbench).waitForState('finished');
    await workbench.closeTab('Distill: digits 0');
  });

  it('is stopped and resumed', async () => {
    const { workbench } = opened();
    await part('stop').click();
    await part('state').getByText('Stopped').waitFor();
    await workbench.screenshot('search');
    const before = await trialsDone();
    await part('resume').click();
    await part('state').getByText('Searching').waitFor();
    assert.ok((await trialsDone()) >= before);
  });

  it('is listed below its experiment, and deleted there', async () => {
    const { workbench, folder } = opened();
    await workbench.openActivity('Distillery');
    await row(/Searching · \d+ of 200 trials/)
      .first()
      .click({ button: 'right' });
    await workbench.page.getByRole('menuitem', { name: 'Delete Search', exact: true }).hover();
    await workbench.page.keyboard.press('Enter');
    await workbench.page.getByRole('button', { name: 'Move to Trash' }).click();
    // Machines without a trash ask once more.
    const forever = workbench.page.getByRole('button', { name: 'Delete Permanently' });
    const gone = row(/of 200 trials/);
    await until('the search is listed no more', async () => {
      if (await forever.isVisible()) await forever.click();
      return (await gone.count()) === 0;
    });
    assert.deepEqual(await readdir(join(folder, '.distillery', 'searches')), []);
  });
});
