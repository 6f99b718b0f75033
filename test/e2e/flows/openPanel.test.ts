import assert from 'node:assert/strict';
import { untrainedClassifier } from '../support/models.ts';
import { Panel } from '../support/panel.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

describe('opening the panel', () => {
  const opened = withWorkbench('opening', {
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
    await workbench.closeTab('Distill');
  });

  it('is not offered on other files', async () => {
    const { workbench } = opened();
    assert.ok(!(await workbench.contextMenuOf('README.md')).includes('Distill Model'));
  });
});
