import assert from 'node:assert/strict';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { seriousBarriers } from '../support/accessibility.ts';
import { lookInEveryTheme } from '../support/looks.ts';
import { untrainedClassifier } from '../support/models.ts';
import { Panel } from '../support/panel.ts';
import { plainSpaces } from '../../support/plainSpaces.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

describe('the viewer of models', () => {
  const teacher = untrainedClassifier({ sampleShape: [1, 28, 28], classes: 10 });
  const opened = withWorkbench('viewer', {
    files: {
      'teacher.onnx': teacher,
      'copy.onnx': teacher,
      'other.onnx': untrainedClassifier({ sampleShape: [1, 28, 28], classes: 5 }),
      'scoped.onnx': untrainedClassifier({ sampleShape: [1, 28, 28], classes: 10, isScoped: true, layers: 40 }),
      'broken.onnx': teacher.subarray(0, 200),
    },
    inOrder: true,
  });

  it('opens an .onnx file, says what it is, and looks right in every theme', async () => {
    const { workbench } = opened();
    await workbench.openActivity('Explorer');
    await workbench.openModel('teacher.onnx');
    const page = workbench.webview();
    const sentence = plainSpaces(await page.getByTestId('model.sentence').innerText());
    assert.match(sentence, /12\.7 k parameters, 12\.7 k MACs per sample/);
    assert.match(await page.getByTestId('model.gradients').innerText(), /pass every node/);
    await lookInEveryTheme(workbench, 'model-overview');
  });

  it('draws the graph and shows a node that is chosen', async () => {
    const { workbench } = opened();
    const page = workbench.webview();
    await page.getByTestId('tab.graph').click();
    await page.getByTestId('model.drawing').waitFor();
    await page.getByTestId('box.Gemm').or(page.getByTestId('box.MatMul')).first().press('Enter');
    await page.getByTestId('model.node').getByText('Gradient').waitFor();
    await lookInEveryTheme(workbench, 'model-graph');
  });

  it('marks the node that is chosen, by key or mouse, in the graph and in the table, until its details are closed', async () => {
    const { workbench } = opened();
    const page = workbench.webview();
    const marked = page.getByTestId('model.drawing').locator('[aria-current=true]');
    assert.match((await marked.getAttribute('aria-label')) ?? '', /^(Gemm|MatMul)/);
    await page.getByTestId('box.Relu').first().click();
    assert.match((await marked.getAttribute('aria-label')) ?? '', /^Relu/);
    await page.getByTestId('tab.nodes').click();
    const row = page.getByTestId('model.nodes').locator('tr[aria-current=true]');
    assert.match(await row.innerText(), /Relu/);
    await page.getByRole('button', { name: 'Close' }).press('Enter');
    assert.equal(await row.count(), 0);
    await page.getByTestId('tab.graph').click();
    assert.equal(await marked.count(), 0);
  });

  it('searches and sorts nodes, and shows the values of a tensor', async () => {
    const { workbench } = opened();
    const page = workbench.webview();
    await page.getByTestId('tab.nodes').click();
    const table = page.getByTestId('model.nodes');
    await table.getByRole('button', { name: 'MACs' }).click();
    assert.match(await table.locator('tbody tr').first().innerText(), /12,544/);
    await page.getByTestId('model.nodes.search').locator('input').fill('relu');
    assert.equal(await table.locator('tbody tr').count(), 1);
    await page.getByTestId('tab.tensors').click();
    await page.getByTestId('model.tensors').locator('tbody button').first().click();
    await page.getByTestId('model.tensor').getByText('Standard deviation').waitFor();
    await lookInEveryTheme(workbench, 'model-tensor');
  });

  it('shows the file again when it has changed', async () => {
    const { workbench, folder } = opened();
    const page = workbench.webview();
    await writeFile(join(folder, 'teacher.onnx'), untrainedClassifier({ sampleShape: [1, 28, 28], classes: 7 }));
    await page.getByTestId('model.sentence').getByText('12.7 k').waitFor();
    await page.getByTestId('tab.overview').click();
    await page.getByText('[batch, 7]').or(page.getByText(/, 7\]/)).first().waitFor();
  });

  it('opens the panel with the model as the teacher', async () => {
    const { workbench } = opened();
    await workbench.webview().getByTestId('model.distill').click();
    const panel = new Panel(workbench);
    await panel.waitUntilShown();
    assert.equal(await panel.valueOf('teacher.model'), 'teacher.onnx');
    await workbench.closeTab('Distill');
  });

  it('compares two models that are chosen in the explorer', async () => {
    const { workbench } = opened();
    await workbench.openActivity('Explorer');
    await workbench.chooseFromContextMenu('copy.onnx', 'Select Model for Compare');
    await workbench.chooseFromContextMenu('other.onnx', 'Compare with Selected Model');
    const page = workbench.webview();
    const sentence = plainSpaces(await page.getByTestId('comparison.sentence').innerText());
    assert.match(sentence, /^What differs: nodes 2, tensors 2/);
    assert.match(await page.getByTestId('comparison.tensors').innerText(), /other shape/);
    await lookInEveryTheme(workbench, 'model-comparison');
  });

  it('opens a scope of the graph, whose box is called as it is read', async () => {
    const { workbench } = opened();
    await workbench.openModel('scoped.onnx');
    const page = workbench.webview();
    await page.getByTestId('tab.graph').click();
    await page.getByTestId('box.body').waitFor();
    assert.deepEqual(await seriousBarriers(workbench), []);
    await page.getByTestId('box.body').press('Enter');
    await page.locator('[data-testid="model.drawing"][data-scope*=body]').waitFor();
    // What had the focus is gone with the drawing: one goes on in the new one, and comes back to where one was.
    assert.equal(await page.locator(':focus').getAttribute('aria-label'), 'Graph');
    await page.getByRole('navigation', { name: 'Scopes' }).getByRole('button').first().press('Enter');
    await page.locator('[data-testid="box.body"]:focus').waitFor();
  });

  it('keeps the focus where rows come into sight as one steps through them', async () => {
    const { workbench } = opened();
    const page = workbench.webview();
    await page.getByTestId('tab.nodes').click();
    const table = page.getByTestId('model.nodes');
    await table.locator('tbody button').first().focus();
    for (let step = 0; step < 60; step += 1) await workbench.page.keyboard.press('Tab');
    assert.equal(await table.locator('tr[aria-rowindex="62"] button:focus').count(), 1);
  });

  it('says of a damaged file in a sentence what is wrong', async () => {
    const { workbench } = opened();
    await workbench.openModel('broken.onnx');
    const refused = workbench.webview().getByTestId('model.refused');
    assert.match(await refused.innerText(), /cut off/);
  });
});
