import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExperimentInput } from '../../../src/experiment/schema.ts';
import { runFiles } from '../../../src/runFolder/runFolder.ts';
import { writeImageFolder } from '../../support/imageFolder.ts';
import { seriousBarriers } from '../support/accessibility.ts';
import { untrainedClassifier } from '../support/models.ts';
import { Panel } from '../support/panel.ts';
import { runsIn } from '../support/runFolders.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

const PHOTOGRAPHS = { perClass: 24, size: 8, classes: ['dusk', 'noon'] } as const;

/** What somebody does who has a model and a folder of images and has read nothing. */
describe('from a model and a folder of images to a student', () => {
  const opened = withWorkbench('first-student', {
    inOrder: true,
    files: { 'weather.onnx': untrainedClassifier({ sampleShape: [3, 8, 8], classes: 2 }) },
  });

  it('tells what the model is before there are data, and offers the images that lie beside it', async () => {
    const { workbench, folder } = opened();
    await writeImageFolder(join(folder, 'photographs'), PHOTOGRAPHS);
    await workbench.chooseFromContextMenu('weather.onnx', 'Distill Model');
    const panel = new Panel(workbench);
    await panel.waitUntilShown();
    const teacher = panel.part('section.teacher');
    await teacher.getByText('takes 3 × 8 × 8 · gives 2 · 3.12 k parameters').waitFor();
    // The only model that there is stands in the field: it is not offered once more.
    assert.equal(await panel.part('teacher.model.found').isVisible(), false);
    assert.equal(await panel.part('section.dataset').getByText('Looking').count(), 0);
    await workbench.screenshot('first-model');
    await panel.choose('dataset.path.found', 'photographs');
    await panel.part('section.dataset').getByText('2 classes with').waitFor();
    assert.equal(await panel.valueOf('dataset.path'), 'photographs');
    await teacher
      .getByText(/The teacher decides/)
      .first()
      .waitFor();
    // What suits images is chosen, and how much smaller it is stands below.
    await panel.part('student:convnet').and(workbench.webview().locator('[aria-checked=true]')).waitFor();
    await panel
      .part('student.estimate')
      .getByText(/smaller|larger/)
      .first()
      .waitFor();
    await workbench.screenshot('first-data');
    // What was assumed can be changed where it is said, also where the field is not among the few that are shown.
    assert.equal(await panel.part('dataset.validation').first().isVisible(), false);
    await panel.part('change.dataset.validation').click();
    await panel.part('dataset.validation').first().waitFor();
    // Whoever only looks at a field has not chosen anything.
    await panel.part('teacher.more').locator('summary').click();
    await panel.part('teacher.normalization').focus();
    await workbench.page.keyboard.press('Tab');
    const valueOf = (node: unknown): string => (node as { readonly value: string }).value;
    assert.equal(await panel.part('teacher.normalization').evaluate(valueOf), '-');
    await panel.part('settings.all').click();
    assert.deepEqual(await seriousBarriers(workbench), []);
  });

  it('trains, and ends with the report, with the student one click away', async () => {
    const { workbench, folder } = opened();
    const panel = new Panel(workbench);
    await panel.fill('training.epochs', '2');
    await panel.start();
    await panel.waitForState('running');
    await panel.waitForState('finished');
    await panel.part('report.summary').waitFor();
    const [run] = await runsIn(folder);
    assert.ok(run && existsSync(join(run.folder, runFiles.student)));
    const { teacher } = JSON.parse(await readFile(join(run.folder, runFiles.experiment), 'utf8')) as ExperimentInput;
    assert.deepEqual(teacher, { model: 'weather.onnx' });
    // What one came for stands above what can be done next, and in sight.
    const place = async (id: string): Promise<number> => (await panel.part(id).boundingBox())?.y ?? NaN;
    assert.ok((await place('revealStudent')) < (await place('report.table')));
    assert.ok((await place('revealStudent')) < 800);
    await workbench.screenshot('first-report');
    assert.deepEqual(await seriousBarriers(workbench), []);
    await panel.part('revealStudent').click();
    await workbench.file('student.onnx').waitFor();
    await workbench.screenshot('first-student');
  });
});
