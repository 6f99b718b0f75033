import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueTree, type QueueNode } from '../../../src/extension/views/queueTree.ts';
import { added, changed, without } from '../../../src/queue/queue.ts';
import { changeQueue, queueFolder } from '../../../src/queue/queueFile.ts';
import { until } from '../support/until.ts';

describe('the view of the queue', () => {
  const folder = mkdtempSync(join(tmpdir(), 'distillery-queue-view-'));
  const tree = new QueueTree(() => folder);
  const drawn: (readonly QueueNode[] | undefined)[] = [];
  tree.onDidChangeTreeData((nodes) => drawn.push(nodes));

  after(() => {
    tree.dispose();
    rmSync(folder, { recursive: true });
  });

  async function add(name: string): Promise<void> {
    const entry = { name, experiment: {}, baseDirectory: folder };
    await changeQueue(queueFolder(folder), (queue) => added(queue, entry, new Date()));
  }

  it('draws an entry alone that begins, as the element that was clicked on', async () => {
    await add('first');
    await add('second');
    const [first] = await tree.getChildren();
    assert.ok(first);
    assert.equal(tree.getTreeItem(first).command, undefined);
    await changeQueue(queueFolder(folder), (queue) =>
      changed(queue, 1, { state: 'running', run: join(folder, 'run') }),
    );
    await tree.refresh();
    await until('something is drawn', () => drawn.length > 0);
    const [nodes] = drawn.splice(0);
    assert.equal(nodes?.length, 1);
    assert.equal(nodes[0], first);
    assert.equal(tree.getTreeItem(first).command?.command, 'distillery.openSelected.queue');
  });

  it('draws all where an entry is gone', async () => {
    await changeQueue(queueFolder(folder), (queue) => without(queue, 1));
    await tree.refresh();
    await until('something is drawn', () => drawn.length > 0);
    assert.deepEqual(drawn.splice(0), [undefined]);
    assert.deepEqual(
      (await tree.getChildren()).map(({ entry }) => entry.name),
      ['second'],
    );
  });
});
