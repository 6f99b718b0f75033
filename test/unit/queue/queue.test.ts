import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../../src/cli/main.ts';
import { added, emptyQueue, moved, movedBefore, nextEntry, type Queue } from '../../../src/queue/queue.ts';
import { changeQueue, QUEUE_FILE, queueFolder, readQueue, takeQueue } from '../../../src/queue/queueFile.ts';
import { runQueue, type EntryOutcome } from '../../../src/queue/runQueue.ts';
import { fakeTerminal } from '../../support/fakeTerminal.ts';
import { tinyExperiment } from '../../support/runs.ts';
import { withTemporaryFolder } from '../../support/programs.ts';

const now = new Date('2026-01-01T00:00:00.000Z');

function queueOf(...names: string[]): Queue {
  return names.reduce((queue, name) => added(queue, { name, experiment: {}, baseDirectory: '/' }, now), emptyQueue);
}

function namesOf({ entries }: Queue): string {
  return entries.map(({ name }) => name).join('');
}

async function storedQueue(folder: string, ...names: string[]): Promise<void> {
  await changeQueue(folder, () => queueOf(...names));
}

describe('the queue', () => {
  it('is moved within, what runs staying first', () => {
    const queue = queueOf('a', 'b', 'c', 'd');
    assert.equal(namesOf(moved(queue, [3], 0)), 'cabd');
    assert.equal(namesOf(moved(queue, [1, 2], 9)), 'cdab');
    assert.equal(namesOf(movedBefore(queue, [4, 2], 1)), 'bdac');
    assert.equal(namesOf(movedBefore(queue, [1], undefined)), 'bcda');
    assert.equal(namesOf(movedBefore(queue, [2], 2)), 'abcd');
    const running: Queue = {
      ...queue,
      entries: queue.entries.map((entry) => (entry.id === 1 ? { ...entry, state: 'running' } : entry)),
    };
    assert.equal(namesOf(movedBefore(running, [3], 1)), 'acbd');
    assert.equal(namesOf(movedBefore(running, [1], 4)), 'abcd');
    assert.equal(nextEntry(running)?.name, 'a');
  });

  it('is refused in a sentence, and at once, where its folder takes no files', () =>
    withTemporaryFolder(async (folder) => {
      writeFileSync(join(folder, '.distillery'), '');
      writeFileSync(join(folder, 'a.distill.json'), JSON.stringify(tinyExperiment));
      const terminal = fakeTerminal(folder);
      assert.equal(await main(['queue', 'add', 'a.distill.json'], terminal), 2);
      assert.match(terminal.error.text, /^'.*\.distillery.*' cannot be written: [^\n]*\n$/);
    }));

  it('loses nothing when many change it at once', async () => {
    await withTemporaryFolder(async (folder) => {
      const names = Array.from({ length: 8 }, (_, index) => `n${index}`);
      await Promise.all(
        names.map((name) =>
          changeQueue(folder, (queue) => added(queue, { name, experiment: {}, baseDirectory: '/' }, now)),
        ),
      );
      const { entries } = await readQueue(folder);
      assert.deepEqual(entries.map(({ name }) => name).sort(), names);
      assert.equal(new Set(entries.map(({ id }) => id)).size, names.length);
    });
  });

  it('is worked off in order, with what is added and moved meanwhile; what is refused stays with its reason', async () => {
    await withTemporaryFolder(async (folder) => {
      await storedQueue(folder, 'a', 'b', 'c');
      const ran: string[] = [];
      const result = await runQueue(folder, {
        chooseFolder: ({ name }) => `/runs/${name}`,
        goesOn: () => true,
        run: async ({ name, run }): Promise<EntryOutcome> => {
          ran.push(`${name} in ${run}`);
          assert.equal((await readQueue(folder)).entries.find((entry) => entry.name === name)?.state, 'running');
          if (name === 'a') await changeQueue(folder, (queue) => movedBefore(queue, [3], 2));
          return name === 'c' ? { kind: 'refused', problem: 'no data' } : { kind: 'ended' };
        },
      });
      assert.deepEqual(ran, ['a in /runs/a', 'c in /runs/c', 'b in /runs/b']);
      assert.deepEqual(result, { ended: 2, refused: 1, isInterrupted: false });
      const { entries } = await readQueue(folder);
      assert.deepEqual(
        entries.map(({ name, state, problem, run }) => [name, state, problem, run]),
        [['c', 'refused', 'no data', undefined]],
      );
    });
  });

  it('goes on with what was interrupted, in the same folder', async () => {
    await withTemporaryFolder(async (folder) => {
      await storedQueue(folder, 'a', 'b');
      const runners = { chooseFolder: () => `/runs/${Math.random()}`, goesOn: () => true };
      const first = await runQueue(folder, { ...runners, run: () => Promise.resolve({ kind: 'interrupted' }) });
      assert.ok(first.isInterrupted);
      const place = (await readQueue(folder)).entries[0]?.run;
      const places: string[] = [];
      await runQueue(folder, {
        ...runners,
        run: ({ run }) => {
          places.push(run);
          return Promise.resolve({ kind: 'ended' });
        },
      });
      assert.equal(places.length, 2);
      assert.equal(places[0], place);
    });
  });

  it('is worked off by one at a time', async () => {
    await withTemporaryFolder(async (folder) => {
      await storedQueue(folder, 'a');
      const lease = await takeQueue(folder);
      const never = { chooseFolder: () => '', goesOn: () => true, run: () => assert.fail('it ran') };
      await assert.rejects(runQueue(folder, never), /works this queue off already/);
      lease.release();
      (await takeQueue(folder)).release();
    });
  });

  it('that is damaged is named, not emptied', async () => {
    await withTemporaryFolder(async (folder) => {
      writeFileSync(join(folder, QUEUE_FILE), '{"version": 2}');
      await assert.rejects(readQueue(folder), /queue\.json' is no queue of this version/);
      await assert.rejects(
        changeQueue(folder, () => emptyQueue),
        /is no queue of this version/,
      );
    });
  });
});

describe('distillery queue', () => {
  it('adds, lists, moves and removes, and says what is wrong', async () => {
    await withTemporaryFolder(async (folder) => {
      const experiment = {
        teacher: null,
        dataset: { path: 'builtin:digits' },
        student: { architecture: 'mlp', hidden: [8] },
        training: { epochs: 1 },
      };
      writeFileSync(join(folder, 'one.distill.json'), JSON.stringify(experiment));
      writeFileSync(join(folder, 'two.distill.json'), JSON.stringify({ name: 'second', ...experiment }));
      writeFileSync(join(folder, 'bad.distill.json'), JSON.stringify({ ...experiment, student: 3 }));
      const told = async (code: number, ...args: string[]): Promise<string> => {
        const terminal = fakeTerminal(folder);
        assert.equal(await main(['queue', ...args], terminal), code, terminal.error.text);
        return terminal.out.text + terminal.error.text;
      };
      assert.match(await told(0, 'list'), /empty/);
      assert.match(await told(2, 'add', 'one.distill.json', 'bad.distill.json'), /bad\.distill\.json: student/);
      assert.match(await told(0, 'list'), /empty/, 'all or none is added');
      assert.match(await told(0, 'add', 'one.distill.json', 'two.distill.json'), /Added 'second' as 2/);
      assert.match(await told(0, 'move', '2', '1'), /2 second\n1 one/);
      const { entries } = JSON.parse(await told(0, 'list', '--json')) as Queue;
      assert.deepEqual(
        entries.map(({ name }) => name),
        ['second', 'one'],
      );
      assert.match(await told(2, 'move', '2', '0'), /needs a number/);
      assert.match(await told(2, 'remove', '7'), /not in the queue/);
      assert.match(await told(0, 'remove', '1', '2'), /Removed 1, 2/);
      assert.match(await told(2, 'add', '--search', 'one.distill.json'), /nothing to search/);
      assert.match(
        await told(2, 'shuffle'),
        /^The command line has a problem:\n {2}shuffle {2}'shuffle' is not an action/,
      );
      assert.match(await told(2, 'lst'), /did you mean 'list'\?/);
      assert.match(await told(2, 'list', '--search', '--at-once', '2'), /--search +belongs.*\n.*--at-once +belongs/);
      assert.match(await told(2, 'add', 'one.distill.json', '--at-once', '2'), /--at-once +belongs/);
      assert.equal((await readQueue(queueFolder(folder))).nextId, 3);
    });
  });
});
