import assert from 'node:assert/strict';
import { Panel } from '../support/panel.ts';
import { withWorkbench } from '../support/withWorkbench.ts';

describe('a folder that is not trusted', () => {
  const opened = withWorkbench('untrusted', { trust: false });

  it('can be looked at, but nothing can be started, and the panel says why', async () => {
    const { workbench } = opened();
    await workbench.runCommand('Distillery: Try the Built-in Digits');
    const panel = new Panel(workbench);
    await panel.part('untrusted').waitFor();
    assert.ok(await panel.part('start').locator('button').isDisabled());
  });
});
