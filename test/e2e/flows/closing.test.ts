import assert from 'node:assert/strict';
import { untrainedClassifier } from '../support/models.ts';
import { Panel } from '../support/panel.ts';
import { newestExtensionHost } from '../support/extensionHost.ts';
import { STORED_NAME, storedRun } from '../support/storedRun.ts';
import { withWorkbench } from '../support/withWorkbench.ts';
import { fullOr } from '../../support/full.ts';
import { until } from '../support/until.ts';

/** How often each tab is opened and closed. */
const TIMES = fullOr(20, 4);

describe('opening and closing tabs', () => {
  const opened = withWorkbench('closing', {
    inOrder: true,
    files: { ...storedRun(), 'small.onnx': untrainedClassifier({ sampleShape: [4], classes: 3 }) },
  });

  async function openAndCloseRun(isAwaited: boolean): Promise<void> {
    const { workbench } = opened();
    await workbench.treeRows().getByText('98.91').click();
    await workbench.tab(STORED_NAME).first().waitFor();
    if (isAwaited) await new Panel(workbench).part('report.summary').waitFor();
    await workbench.closeTab(STORED_NAME);
  }

  async function openAndCloseModel(isAwaited: boolean): Promise<void> {
    const { workbench } = opened();
    await workbench.treeRows().getByText('small.onnx').click();
    await workbench.tab('small.onnx').first().waitFor();
    if (isAwaited) await workbench.webview().getByTestId('model.sentence').waitFor();
    await workbench.closeTab('small.onnx');
  }

  it('leaves no thread and no process behind, and nothing to complain about', async () => {
    const { workbench } = opened();
    await workbench.openActivity('Distillery');
    await workbench.treeRows().getByText('98.91').waitFor();
    await workbench.page.getByRole('button', { name: 'Models Section' }).click();
    await workbench.treeRows().getByText('small.onnx').waitFor();
    // Threads that are started when they are first needed are there after each has been opened in both ways.
    for (const isAwaited of [true, false]) {
      await openAndCloseRun(isAwaited);
      await openAndCloseModel(isAwaited);
    }
    const host = newestExtensionHost();
    const before = host.look();
    for (let time = 0; time < TIMES; time += 1) {
      // One that is closed at once is still being made.
      await openAndCloseRun(time % 2 === 0);
      await openAndCloseModel(time % 2 === 0);
    }
    // What is ended takes its moment.
    let last = before;
    await until('as few threads as before, and no process', () => {
      last = host.look();
      return last.threads <= before.threads && last.children.length === 0;
    }).catch((error: unknown) => {
      throw new Error(`${JSON.stringify(before)} came to ${JSON.stringify(last)}.`, { cause: error });
    });
    assert.deepEqual(await workbench.page.locator('.notification-toast').allInnerTexts(), []);
  });
});
