import assert from 'node:assert/strict';
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Workspace } from '../../../src/agents/workspace.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';

describe('a workspace', () => {
  let outer: string;
  let workspace: Workspace;
  before(async () => {
    outer = await realpath(temporaryFolder());
    const folder = join(outer, 'inside');
    await mkdir(join(folder, 'data', 'deep'), { recursive: true });
    await mkdir(join(outer, 'outside'));
    await writeFile(join(outer, 'outside', 'secret'), 'x');
    await writeFile(join(folder, 'data', 'a.csv'), 'x');
    await symlink(join(outer, 'outside', 'secret'), join(folder, 'link'));
    await symlink(join(outer, 'outside'), join(folder, 'folderLink'));
    await symlink(join(folder, 'data'), join(folder, 'ownLink'));
    workspace = new Workspace(folder);
  });
  after(() => {
    removeFolder(outer);
  });

  it('gives the real path of what is in it, however it is named', () => {
    const file = join(workspace.folder, 'data', 'a.csv');
    for (const path of ['data/a.csv', './data/../data/a.csv', file, 'ownLink/a.csv']) {
      assert.equal(workspace.existing(path), file);
    }
    assert.equal(workspace.name(file), 'data/a.csv');
  });

  for (const path of [
    '..',
    '../outside/secret',
    '../outside/nonesuch',
    'link',
    'folderLink/secret',
    'folderLink/nonesuch',
    '/etc/hostname',
    '/nonesuch',
  ]) {
    it(`refuses to read and to write ${path}, and does not tell whether it is there`, () => {
      assert.throws(() => workspace.existing(path), /outside of '.*inside'; that is refused/);
      assert.throws(() => workspace.toWrite(path), /outside of '.*inside'; that is refused/);
    });
  }

  it('says that there is nothing, and where to look, of what is not there', () => {
    assert.throws(() => workspace.existing('data/b.csv'), /There is nothing at 'data\/b\.csv'/);
    assert.equal(workspace.toWrite('data/new/b.csv'), join(workspace.folder, 'data', 'new', 'b.csv'));
  });

  it('finds a link that leads out, however deep, also behind a link that does not', async () => {
    const data = join(workspace.folder, 'data');
    await workspace.refuseLinksOut(data);
    await symlink(join(outer, 'outside', 'secret'), join(data, 'deep', 'sample.png'));
    await assert.rejects(workspace.refuseLinksOut(data), /'data\/deep\/sample\.png' leads to '.*secret', outside/);
    const table = join(data, 'images.csv');
    await writeFile(table, 'image,label\ndeep/other.png,a\n');
    await workspace.refuseNamedLinks(table);
    await writeFile(table, 'image,label\ndeep/sample.png,a\n');
    await assert.rejects(workspace.refuseNamedLinks(table), /'data\/deep\/sample\.png' leads to/, 'a table names it');
    await mkdir(join(workspace.folder, 'other'));
    await symlink(data, join(workspace.folder, 'other', 'more'));
    await assert.rejects(workspace.refuseLinksOut(join(workspace.folder, 'other')), /data\/deep\/sample\.png/);
  });
});
