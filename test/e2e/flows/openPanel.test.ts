import assert from 'node:assert/strict';
import { untrainedClassifier } from '../support/models.ts';
import { Panel } from '../support/panel.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

describe('opening the panel', () => {
  const opened = withWorkbench('opening', {
    inOrder: true,
    files: { 'models/teacher.onnx': untrainedClassifier({ sampleShape: [1, 28, 28], classes: 10 }) },
  });

  it('is offered by the empty view, which says what to do', async () => {
    const { workbench } = opened();
    await workbench.openActivity('Distillery');
    await workbench.page.locator('.welcome-view').getByRole('button', { name: 'Distill a Model' }).click();
    await new Panel(workbench).waitUntilShown();
    await workbench.closeTab('Distill');
  });

  it('is offered by the command palette as “Distill Model”', async () => {
    const { workbench } = opened();
    await workbench.runCommand('Distillery: Distill Model');
    const panel = new Panel(workbench);
    await panel.waitUntilShown();
    assert.equal(await panel.valueOf('teacher.model'), '');
    // The common students are in sight, the others behind "More".
    const student = (id: string) => workbench.webview().locator(`[data-testid="student${id}"]`);
    await student(':convnet').waitFor();
    assert.equal(await student(':svm').isVisible(), false);
    await student('.others').click();
    await student(':svm').click();
    await student(':svm').and(workbench.webview().locator('[aria-checked=true]')).waitFor();
    await workbench.closeTab('Distill');
  });

  it('is offered on an .onnx file in the explorer, and has that file as the teacher', async () => {
    const { workbench } = opened();
    await workbench.openActivity('Explorer');
    await workbench.file('models').click();
    await workbench.chooseFromContextMenu('teacher.onnx', 'Distill Model');
    const panel = new Panel(workbench);
    await panel.waitUntilShown();
    assert.equal(await panel.valueOf('teacher.model'), 'models/teacher.onnx');
  });

  it('offers a student that suits the data, and says what it and a run of it will take', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    assert.equal(await panel.part('introduction').isVisible(), true);
    assert.equal(await panel.valueOf('student.hidden'), '800, 800');
    await panel.fill('dataset.path', 'builtin:digits');
    await panel.part('student.channels').first().waitFor();
    await panel.part('student.estimate').getByText('kB').first().waitFor();
    assert.match(await panel.part('expected').innerText(), /^takes roughly \d+\s\w+ to \d+\s\w+$/);
    assert.equal(await panel.part('introduction').isVisible(), false);
    // What a person chooses stays.
    await panel.part('student:mlp').click();
    await panel.fill('dataset.limit', '500');
    await panel.part('section.dataset').getByText('500 to learn from').waitFor();
    assert.equal(await panel.part('student.channels').count(), 0);
  });

  it('opens again what was closed by mistake', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    await workbench.closeTab('Distill');
    await workbench.page.getByRole('button', { name: 'Open Again' }).click();
    await panel.waitUntilShown();
    assert.equal(await panel.valueOf('dataset.limit'), '500');
    await workbench.closeTab('Distill');
    await workbench.page.locator('.notification-toast').waitFor({ state: 'detached' });
  });

  it('is not offered on other files', async () => {
    const { workbench } = opened();
    assert.ok(!(await workbench.contextMenuOf('README.md')).includes('Distill Model'));
  });
});
