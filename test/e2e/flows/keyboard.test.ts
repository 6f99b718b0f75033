import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExperimentInput } from '../../../src/experiment/schema.ts';
import { runFiles } from '../../../src/runFolder/runFolder.ts';
import { isFull, tellShortened } from '../../support/full.ts';
import { writeImageFolder } from '../../support/imageFolder.ts';
import { Keyboard } from '../support/keyboard.ts';
import { untrainedClassifier } from '../support/models.ts';
import { Panel } from '../support/panel.ts';
import { runsIn } from '../support/runFolders.ts';
import { storedRun, STORED_NAME } from '../support/storedRun.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

const PHOTOGRAPHS = { perClass: 24, size: 8, classes: ['dusk', 'noon'] } as const;

const itInFull = isFull ? it : it.skip;

/** The mouse is not touched, and the focus is always somewhere. */
describe('keyboard alone', () => {
  const opened = withWorkbench('keyboard', {
    inOrder: true,
    files: { ...storedRun(), 'weather.onnx': untrainedClassifier({ sampleShape: [3, 8, 8], classes: 2 }) },
  });
  const works = () => {
    const { workbench } = opened();
    return { keyboard: new Keyboard(workbench), panel: new Panel(workbench), page: workbench.page, workbench };
  };

  it('opens the panel of a model in the explorer, and the focus is where the panel begins', async () => {
    const { keyboard, panel, page, workbench } = works();
    await writeImageFolder(join(opened().folder, 'photographs'), PHOTOGRAPHS);
    await keyboard.press('Control+Shift+E');
    await workbench.file('weather.onnx').waitFor();
    await keyboard.press('End');
    await page.locator('.explorer-folders-view .monaco-list-row.focused').getByText('weather.onnx').waitFor();
    await keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Distill Model' }).waitFor();
    const entry = page.locator('.monaco-menu .action-item.focused');
    while (!(await entry.allInnerTexts()).join().includes('Distill Model')) await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await panel.waitUntilShown();
    await keyboard.waitForFocus('weather');
  });

  it('chooses data, a student and how long it learns', async () => {
    const { keyboard, panel, workbench } = works();
    await keyboard.goTo('dataset.path.found');
    await keyboard.press('ArrowDown');
    await panel.waitForValue('dataset.path', 'photographs');
    await panel.part('section.dataset').getByText('2 classes with').waitFor();
    // The list is gone, for nothing else is in it; the focus is beside its place.
    await keyboard.waitForFocus('dataset.path');
    // What suits images has been chosen; another student is chosen here.
    await keyboard.goTo('student:convnet');
    await keyboard.press('ArrowLeft', 'Space');
    await panel.part('student:mlp').and(workbench.webview().locator('[aria-checked=true]')).waitFor();
    await keyboard.waitForFocus('student:mlp');
    await keyboard.goTo('student.hidden');
    await keyboard.press('Control+A');
    await keyboard.type('4');
    await keyboard.goTo('training.epochs');
    await keyboard.chooseFromList('Number');
    await keyboard.press('Tab');
    await keyboard.waitForFocus('training.epochs');
    await keyboard.press('Control+A');
    await keyboard.type('2');
    await panel.waitForValue('training.epochs', '2');
  });

  it('starts the run and watches it to its end', async () => {
    const { keyboard, panel } = works();
    await keyboard.goTo('start', 'Shift+Tab');
    await keyboard.press('Enter');
    // What was pressed is gone, and what is in its place can be pressed.
    await panel.waitForState('running');
    await keyboard.waitForFocus('stop');
    await panel.waitForState('finished');
    await keyboard.waitForFocus('start');
    const [run] = (await runsIn(opened().folder)).toReversed();
    const { student } = JSON.parse(await readFile(join(run!.folder, runFiles.experiment), 'utf8')) as ExperimentInput;
    assert.deepEqual(student, { architecture: 'mlp', hidden: [4], dropout: 0 });
  });

  it('goes from tab to tab, and from the contents of the report to its parts', async () => {
    const { keyboard, panel, workbench } = works();
    await keyboard.goTo('tab.report', 'Shift+Tab');
    for (const [key, tab] of [
      ['ArrowLeft', 'train'],
      ['ArrowLeft', 'configure'],
      ['End', 'report'],
    ] as const) {
      await keyboard.press(key);
      await keyboard.waitForFocus(`tab.${tab}`);
      await panel.part(`page.${tab}`).waitFor();
    }
    for (const title of ['Size, speed and quality', 'Accuracy per class']) {
      await keyboard.goTo(title);
      await keyboard.press('Enter');
      // The entry of the contents and what it leads to are called the same.
      await workbench.webview().locator(':is(h3, summary):focus').getByText(title).waitFor();
      await keyboard.goTo('tab.report', 'Shift+Tab');
    }
  });

  if (!isFull) tellShortened('flows in VS Code: an earlier run and its advice by keyboard alone');
  itInFull('opens an earlier run from the list, follows its advice, and comes back', async () => {
    const { keyboard, panel, page, workbench } = works();
    await keyboard.runCommand('Focus on Experiments View');
    await workbench.treeRows().getByText('98.91').waitFor();
    // A view that is opened for the first time has nothing yet that could take the focus.
    await keyboard.runCommand('Focus on Experiments View');
    await page.locator('.sidebar .monaco-list:focus').waitFor();
    await keyboard.press('End');
    await page.locator('.sidebar .monaco-list-row.focused').getByText('98.91').waitFor();
    await keyboard.press('Enter');
    await workbench.tab(`Distill: ${STORED_NAME}`).waitFor();
    await panel.part('advice.too-small.apply').waitFor();
    await keyboard.waitForFocus(STORED_NAME);
    await keyboard.goTo('advice.too-small.apply');
    await keyboard.press('Enter');
    await panel.part('advised').getByText('Depth 6 (before: 5)').waitFor();
    await keyboard.waitForFocus('student.depth');
    await keyboard.goTo('tab.configure', 'Shift+Tab');
    await keyboard.press('End');
    await panel.part('report.summary').waitFor();
    await keyboard.waitForFocus('tab.report');
  });
});
