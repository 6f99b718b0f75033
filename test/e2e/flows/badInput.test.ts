import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { seriousBarriers } from '../support/accessibility.ts';
import { untrainedClassifier } from '../support/models.ts';
import { widerThanPage } from '../support/overflow.ts';
import { Panel } from '../support/panel.ts';
import { filesIn, runsFolder } from '../support/runFolders.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

const teacher = untrainedClassifier({ sampleShape: [1, 28, 28], classes: 10 });

/** Wrong in fields of every kind: texts, numbers, choices, a switch, lists, and items of a list. */
const WRONG = {
  name: 'many mistakes',
  teacher: { model: 'nowhere.onnx' },
  dataset: { path: 'nowhere', validation: 3 },
  student: { architecture: 'convnet', channels: [4, 0], dropout: 2 },
  objective: [
    { loss: 'kd', temperature: -4, weight: 'much' },
    { loss: 'attention-transfer', pairs: [] },
    { loss: 'nonsense and so long that it has no room in the heading of its part' },
  ],
  training: { optimizer: 'adma', epochs: 0, learningRate: 'fast' },
  baseline: 'perhaps',
  device: 'abacus',
};

describe('bad input', () => {
  const opened = withWorkbench('bad-input', {
    files: {
      'teacher.onnx': teacher,
      'wrong.distill.json': JSON.stringify(WRONG),
      'truncated.onnx': teacher.subarray(0, teacher.length / 2),
      'three-classes.onnx': untrainedClassifier({ sampleShape: [1, 28, 28], classes: 3 }),
      'four-channels.onnx': untrainedClassifier({ sampleShape: [4, 28, 28], classes: 10 }),
    },
  });

  before('open the panel', async () => {
    const { workbench, folder } = opened();
    await mkdir(join(folder, 'empty'));
    await workbench.runCommand('Distillery: Distill Model');
    await new Panel(workbench).waitUntilShown();
  });

  const cases = [
    { what: 'a wrong path', model: 'nowhere.onnx', says: /^Teacher file\b.*\bno such file/s },
    { what: 'a truncated .onnx', model: 'truncated.onnx', says: /truncated\.onnx.*\b(cut off|truncated|incomplete)/s },
    { what: 'a teacher with other classes', model: 'three-classes.onnx', says: /\b3\b.*\b10\b|\b10\b.*\b3\b/s },
    {
      what: 'a teacher of images with other channels',
      model: 'four-channels.onnx',
      says: /\[4, 28, 28\].*\[1, 28, 28\]/s,
    },
    { what: 'an empty dataset', model: 'teacher.onnx', dataset: 'empty', says: /empty/ },
  ];
  for (const { what, model, dataset, says } of cases) {
    it(`refuses ${what} with one clear sentence, and leaves nothing behind`, async () => {
      const { workbench, folder } = opened();
      const panel = new Panel(workbench);
      await panel.fill('teacher.model', model);
      await panel.fill('dataset.path', dataset ?? 'builtin:digits');
      // What was refused before goes away with the first edit; then only this start can show problems.
      await panel.problems().first().waitFor({ state: 'detached' });
      await panel.start();
      await panel.problems().first().waitFor();
      const problems = await panel.problems().allInnerTexts();
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0]!, says);
      assert.doesNotMatch(problems[0]!, /^ +at /m, 'a stack trace is no sentence');
      await panel.part('start').waitFor();
      assert.deepEqual(await filesIn(runsFolder(folder)), []);
    });
  }

  it('copies the problems for an agent, as Markdown', async () => {
    const { workbench } = opened();
    await new Panel(workbench).part('copyProblems').click();
    await workbench.page.getByText('Copied: paste it into the chat').waitFor();
  });

  it('leads from each of many problems to its field by the name of that, in a form that fits', async () => {
    const { workbench } = opened();
    await workbench.openExperiment('wrong.distill.json');
    const panel = new Panel(workbench);
    await panel.waitUntilOf('many mistakes');
    await panel.problems().nth(12).waitFor();
    assert.deepEqual(await panel.problems().locator('span.place').allInnerTexts(), []);
    assert.doesNotMatch((await panel.problems().allInnerTexts()).join(), /`/);
    await panel.problems().getByRole('button', { name: 'Train a baseline too' }).waitFor();
    await panel.problems().getByRole('button', { name: 'Term 2: Pairs of values' }).click();
    await workbench.webview().locator('[data-testid="objective[1].pairs.add"]:focus').waitFor();
    assert.deepEqual(await widerThanPage(workbench), []);
    await workbench.screenshot('many-problems');
    assert.deepEqual(await seriousBarriers(workbench), []);
  });
});
