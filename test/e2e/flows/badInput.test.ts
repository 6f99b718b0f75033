import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { untrainedClassifier } from '../support/models.ts';
import { Panel } from '../support/panel.ts';
import { filesIn, runsFolder } from '../support/runFolders.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

const teacher = untrainedClassifier({ sampleShape: [1, 28, 28], classes: 10 });

describe('bad input', () => {
  const opened = withWorkbench('bad-input', {
    files: {
      'teacher.onnx': teacher,
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
});
