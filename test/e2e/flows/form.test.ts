import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExperimentInput } from '../../../src/experiment/schema.ts';
import { seriousBarriers } from '../support/accessibility.ts';
import { lookInEveryTheme } from '../support/looks.ts';
import { untrainedClassifier } from '../support/models.ts';
import { Panel } from '../support/panel.ts';
import { withWorkbench } from '../support/withWorkbench.ts';
import { PATIENCE_MS } from '../support/until.ts';

const FILE = 'shapes.distill.json';
const experiment: ExperimentInput = {
  teacher: { ensemble: [{ model: 'models/a.onnx' }, { model: 'models/b.onnx', weight: 2 }] },
  dataset: { path: 'builtin:digits' },
  student: { architecture: 'convnet', channels: [8, 16] },
  objective: [
    { loss: 'kd', temperature: 4, weight: 0.9 },
    { loss: 'attention-transfer', pairs: [{ student: 'a', teacher: 'b' }] },
  ],
};

describe('the form', () => {
  const model = untrainedClassifier({ sampleShape: [1, 28, 28], classes: 10 });
  const opened = withWorkbench('form', {
    files: { [FILE]: JSON.stringify(experiment), 'models/a.onnx': model, 'models/b.onnx': model },
    inOrder: true,
  });

  async function saved(): Promise<ExperimentInput> {
    const { folder } = opened();
    return JSON.parse(await readFile(join(folder, FILE), 'utf8')) as ExperimentInput;
  }

  /** Saves and waits until the file is as it should be. */
  async function savesAs(panel: Panel, check: (written: ExperimentInput) => void): Promise<void> {
    const { workbench } = opened();
    await panel.part('save').click();
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        check(await saved());
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await workbench.page.waitForTimeout(100);
      }
    }
  }

  it('lets a temperature change over the run', async () => {
    const { workbench } = opened();
    await workbench.openExperiment(FILE);
    const panel = new Panel(workbench);
    await panel.waitUntilShown();
    assert.equal(await panel.valueOf('objective[0].temperature'), '4');
    await panel.showAllSettings();
    await panel.part('objective[0].temperature.change').click();
    assert.equal(await panel.valueOf('objective[0].temperature.from'), '4');
    await panel.fill('objective[0].temperature.from', '8');
    await panel.fill('objective[0].temperature.to', '2');
    await panel.fill('objective[0].temperature.until', '0.5');
    await savesAs(panel, ({ objective }) => {
      assert.deepEqual(objective?.[0], { loss: 'kd', temperature: { from: 8, to: 2, until: 0.5 }, weight: 0.9 });
    });
    await lookInEveryTheme(workbench, 'form-objective');
  });

  it('makes it constant again', async () => {
    const panel = new Panel(opened().workbench);
    await panel.part('objective[0].temperature.settle').click();
    await savesAs(panel, ({ objective }) => {
      assert.deepEqual(objective?.[0], { loss: 'kd', temperature: 8, weight: 0.9 });
    });
  });

  it('adds a row to a list of pairs', async () => {
    const panel = new Panel(opened().workbench);
    await panel.part('objective[1].pairs.add').click();
    await panel.fill('objective[1].pairs[1].student', 'c');
    await panel.fill('objective[1].pairs[1].teacher', 'd');
    await savesAs(panel, ({ objective }) => {
      assert.deepEqual(objective?.[1], {
        loss: 'attention-transfer',
        pairs: [
          { student: 'a', teacher: 'b' },
          { student: 'c', teacher: 'd' },
        ],
      });
    });
  });

  it('proposes a pair of values for a loss on features, or says that there is none', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    // The teacher is dense: it has no maps for attention transfer.
    await panel.part('objective[1].pairs.propose').click();
    await panel.part('section.objective').getByText('no values of the same size').waitFor();
    assert.equal(await panel.part('objective[1].pairs[0].student.listed').isVisible(), true);
    await panel.choose('objective[1].loss', 'Hint (FitNets)');
    await panel.part('objective[1].propose').click();
    const proposed = await panel.waitForSomeValue('objective[1].student');
    await panel.part('objective[1].student').scrollIntoViewIfNeeded();
    await workbench.screenshot('form-features');
    assert.deepEqual(await seriousBarriers(workbench), []);
    const listed = await panel.part('objective[1].student.listed').locator('vscode-option').allTextContents();
    assert.ok(
      listed.some((option) => /\(8 × \d+ × \d+\)/.test(option)),
      listed.join('; '),
    );
    await savesAs(panel, ({ objective }) => {
      const [, hint] = Array.isArray(objective) ? objective : [];
      assert.ok(hint?.loss === 'hint');
      assert.deepEqual([hint.student, hint.teacher !== ''], [proposed, true]);
    });
  });

  it("tells what the teacher's outputs will take", async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    await panel.part('cache.foresee').click();
    const section = panel.part('section.run');
    await section.getByText(/MB on the disk, of which 0\sB are there already\./).waitFor();
    await section.getByText(/in memory while the student is trained\./).waitFor();
    await panel.part('cache.foresee').scrollIntoViewIfNeeded();
    await workbench.screenshot('form-outputs');
    assert.deepEqual(await seriousBarriers(workbench), []);
  });

  it('leaves the losses to the task', async () => {
    const { workbench } = opened();
    const panel = new Panel(workbench);
    await workbench.screenshot('form-pairs');
    await panel.part('objective.leaveOut').click();
    await savesAs(panel, ({ objective }) => {
      assert.equal(objective, undefined);
    });
    for (const part of ['teacher', 'dataset', 'student', 'training', 'run']) {
      await panel.part(`section.${part}`).scrollIntoViewIfNeeded();
      await workbench.screenshot(`form-${part}`);
    }
    await panel.part('training.more').locator('summary').click();
    await panel.part('training.more').scrollIntoViewIfNeeded();
    await workbench.screenshot('form-training-more');
  });
});
