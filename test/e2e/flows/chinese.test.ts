import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../../src/experiment/schema.ts';
import { isFull, tellShortened } from '../../support/full.ts';
import { cancelledRun, CANCELLED_NAME } from '../support/cancelledRun.ts';
import { englishTexts } from '../support/englishTexts.ts';
import { commandTitle } from '../support/languages.ts';
import { Panel } from '../support/panel.ts';
import { storedRun, STORED_NAME } from '../support/storedRun.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

const brief: ExperimentInput = {
  name: '短',
  teacher: { architecture: 'mlp', hidden: [16], training: { epochs: 1 } },
  dataset: { path: 'builtin:digits', limit: 300 },
  student: { architecture: 'mlp', hidden: [8] },
  training: { epochs: 2 },
  device: 'cpu',
};

/** A run that cannot go on, though its folder looks as if it could. */
function withoutCheckpoint(): Readonly<Record<string, string>> {
  const files = cancelledRun();
  const [path = ''] = Object.keys(files);
  return { ...files, [path.replace(/[^/]+$/, 'checkpoint/notes.txt')]: '' };
}

const itInFull = isFull ? it : it.skip;

describe('in Simplified Chinese', () => {
  const opened = withWorkbench('chinese', {
    inOrder: true,
    language: 'zh-cn',
    files: { ...storedRun(), ...withoutCheckpoint(), 'brief.distill.json': JSON.stringify(brief) },
  });

  it('is found in the command palette, and every setting is explained', async () => {
    const { workbench } = opened();
    await workbench.runCommand(commandTitle('tryBuiltinDigits', 'zh-cn'));
    const panel = new Panel(workbench);
    await panel.waitUntilShown();
    assert.equal(await panel.part('start').innerText(), '开始');
    await panel.part('student.estimate').getByText('kB').first().waitFor();
    await workbench.screenshot('chinese-form');
    await panel.showAllSettings();
    assert.deepEqual(await englishTexts(workbench, ['Built-in digits']), []);
    await workbench.closeTab('Built-in digits');
  });

  it('reports', async () => {
    const { workbench } = opened();
    await workbench.openActivity('Distillery');
    await workbench.treeRows().getByText('98.91').click();
    await workbench.tab(STORED_NAME).waitFor();
    await new Panel(workbench).part('report.tree').waitFor();
    await workbench.screenshot('chinese-report');
    // Classes, sites, features and the machine of the stored run.
    const names = ['zero', 'one', 'two', 'north', 'south', 'cat', 'dog', 'age <years>', 'A machine', STORED_NAME];
    assert.deepEqual(await englishTexts(workbench, names), []);
    await workbench.closeTab(STORED_NAME);
  });

  it('says what went wrong, in a notification, too', async () => {
    const { workbench } = opened();
    await workbench.treeRows().getByText('96.00').click();
    await workbench.tab(CANCELLED_NAME).waitFor();
    const panel = new Panel(workbench);
    await panel.waitForState('cancelled');
    assert.deepEqual(await englishTexts(workbench, [CANCELLED_NAME]), []);
    await panel.part('resume').click();
    await workbench.page.locator('.notification-toast').getByText('中没有可供继续运行的内容').waitFor();
    await workbench.screenshot('chinese-notification');
    await workbench.closeTab(CANCELLED_NAME);
  });

  if (!isFull) tellShortened('flows in VS Code: a run in Simplified Chinese, while it goes on');
  itInFull('tells how a run goes on', async () => {
    const { workbench } = opened();
    await workbench.openActivity('Explorer');
    const title = commandTitle('openExperiment', 'zh-cn').replace('Distillery: ', '');
    await workbench.chooseFromContextMenu('brief.distill.json', title);
    await workbench.tab('短').waitFor();
    const panel = new Panel(workbench);
    await panel.waitUntilShown();
    await panel.start();
    await panel.waitForState('running');
    assert.deepEqual(await englishTexts(workbench, []), []);
    await panel.waitForState('finished');
    await panel.part('report.summary').waitFor();
    assert.deepEqual(await englishTexts(workbench, []), []);
    await panel.openTab('train');
    await panel.part('runLog').waitFor();
    assert.deepEqual(await englishTexts(workbench, []), []);
  });
});
