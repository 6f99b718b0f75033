import assert from 'node:assert/strict';
import { ChangedFile } from '../../../src/launching/changedFile.ts';
import { ChangedFolders } from '../../../src/launching/changedFolders.ts';
import type { FileAccess } from '../../../src/launching/readRun.ts';

/** Folders by path, with when the names in them changed last. */
function disk(times: Map<string, number>): FileAccess & { readonly listed: string[] } {
  const listed: string[] = [];
  return {
    listed,
    readText: () => Promise.reject(new Error('Nothing is read.')),
    list: (folder) => {
      listed.push(folder);
      const inside = [...times.keys()].filter((path) => path.startsWith(`${folder}/`));
      return Promise.resolve(inside.map((path) => path.slice(folder.length + 1)).filter((name) => !name.includes('/')));
    },
    modified: (path) => {
      const time = times.get(path);
      return time === undefined ? Promise.reject(new Error(`no ${path}`)) : Promise.resolve(time);
    },
  };
}

describe('folders that others change', () => {
  let times: Map<string, number>;
  let now: number;
  let files: ReturnType<typeof disk>;
  let folders: ChangedFolders;
  beforeEach(() => {
    times = new Map();
    now = 1_000_000;
    files = disk(times);
    folders = new ChangedFolders(files, () => now);
  });

  it('are found in a folder that is itself new, and read until it is known what they hold', async () => {
    assert.deepEqual(await folders.look(['/runs'], []), []);
    times.set('/runs', now).set('/runs/a', now).set('/runs/.index.json', now);
    assert.deepEqual(await folders.look(['/runs'], []), ['/runs/a']);
    now += 60_000;
    assert.deepEqual(await folders.look(['/runs'], []), ['/runs/a'], 'it is still being checked');
    assert.deepEqual(await folders.look(['/runs'], ['/runs/a']), []);
  });

  it('are not read for ever where they hold nothing', async () => {
    times.set('/runs', now).set('/runs/notes', now);
    assert.deepEqual(await folders.look(['/runs'], []), ['/runs/notes']);
    now += 3_600_000;
    await folders.look(['/runs'], []);
    assert.deepEqual(await folders.look(['/runs'], []), []);
  });

  it('are told when they are gone, with all others, too', async () => {
    times.set('/runs', now).set('/runs/a', now);
    await folders.look(['/runs'], ['/runs/a', '/elsewhere/b']);
    times.delete('/runs/a');
    times.set('/runs', now + 1);
    assert.deepEqual(await folders.look(['/runs'], ['/runs/a', '/elsewhere/b']), ['/runs/a']);
    times.delete('/runs');
    assert.deepEqual(await folders.look(['/runs'], []), []);
  });

  it('are told when names in them changed', async () => {
    times.set('/runs', 0).set('/runs/a', 1).set('/runs/b', 1);
    const known = ['/runs/a', '/runs/b'];
    assert.deepEqual(await folders.look(['/runs'], known), []);
    times.set('/runs/b', 2);
    assert.deepEqual(await folders.look(['/runs'], known), ['/runs/b']);
    assert.deepEqual(await folders.look(['/runs'], known), []);
  });

  it('are told at the first look when they changed after they were read', async () => {
    times.set('/runs', 0).set('/runs/a', 1).set('/runs/b', now);
    assert.deepEqual(await folders.look(['/runs'], ['/runs/a', '/runs/b']), ['/runs/b']);
  });

  it('are looked at in turns where there are many, and listed only when one came or went', async () => {
    const known = Array.from({ length: 150 }, (_, index) => `/runs/${index}`);
    times.set('/runs', 0);
    for (const folder of known) times.set(folder, 1);
    for (let look = 0; look < 3; look += 1) await folders.look(['/runs'], known);
    assert.deepEqual(files.listed, ['/runs']);
    for (const folder of known) times.set(folder, 2);
    const told = new Set<string>();
    for (let look = 0; look < 3; look += 1) for (const folder of await folders.look(['/runs'], known)) told.add(folder);
    assert.equal(told.size, 150);
    assert.deepEqual(files.listed, ['/runs']);
  });

  it('are looked for again where a clock is too coarse to tell two changes apart', async () => {
    times.set('/runs', now);
    assert.deepEqual(await folders.look(['/runs'], []), []);
    times.set('/runs/a', now);
    now += 2000;
    assert.deepEqual(await folders.look(['/runs'], []), ['/runs/a']);
  });
});

describe('a file that others change', () => {
  it('is told when it comes, is written and goes, but not before it was looked at', async () => {
    const times = new Map<string, number>();
    const file = new ChangedFile('/queue.json', disk(times));
    assert.equal(await file.look(), false);
    assert.equal(await file.look(), false);
    times.set('/queue.json', 1);
    assert.equal(await file.look(), true);
    assert.equal(await file.look(), false);
    times.set('/queue.json', 2);
    assert.equal(await file.look(), true);
    times.delete('/queue.json');
    assert.equal(await file.look(), true);
  });
});
