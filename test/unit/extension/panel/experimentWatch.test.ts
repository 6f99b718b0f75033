import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExperimentWatch } from '../../../../src/extension/panel/experimentWatch.ts';
import type { FactsAnswer } from '../../../../src/protocol/experimentFacts.ts';

const refused: FactsAnswer = { kind: 'refused', problems: [] };

function watching(): { watch: ExperimentWatch; asked: string[]; told: (FactsAnswer | undefined)[] } {
  const asked: string[] = [];
  const told: (FactsAnswer | undefined)[] = [];
  const watch = new ExperimentWatch({
    pauseMs: 20,
    studentPauseMs: 5,
    ask: async ({ draft }, signal) => {
      asked.push(`${draft['teacher'] as string}${(draft['student'] ?? '') as string}`);
      await sleep(40, undefined, { signal });
      return refused;
    },
    onAnswer: (answer) => told.push(answer),
    onError: (error) => {
      throw error;
    },
  });
  return { watch, asked, told };
}

/** Waits for what comes some time; how soon depends on how busy the machine is. */
async function until(isReached: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isReached() && Date.now() < deadline) await sleep(5);
}

const draft = (teacher: string, name = '') => ({ draft: { teacher, name }, baseDirectory: '/' });

describe('ExperimentWatch', () => {
  it('asks once after typing pauses, and tells that it looks and what it found', async () => {
    const { watch, asked, told } = watching();
    for (const teacher of ['a', 'ab', 'abc']) watch.look(draft(teacher));
    await until(() => told.length === 2);
    assert.deepEqual(asked, ['abc']);
    assert.deepEqual(told, [undefined, refused]);
  });

  it('does not ask again for what changes nothing of the answer', async () => {
    const { watch, asked, told } = watching();
    watch.look(draft('a'));
    await until(() => told.length === 2);
    watch.look(draft('a', 'another name'));
    await sleep(60);
    assert.deepEqual(asked, ['a']);
    watch.forget();
    watch.look(draft('a'));
    await until(() => asked.length === 2);
    assert.deepEqual(asked, ['a', 'a']);
  });

  it('tells no answer that is about an earlier draft', async () => {
    const { watch, asked, told } = watching();
    watch.look(draft('a'));
    await until(() => asked.length === 1);
    watch.look(draft('b'));
    await until(() => told.length === 3);
    assert.deepEqual(asked, ['a', 'b']);
    assert.equal(told.filter((answer) => answer !== undefined).length, 1);
  });

  it('gives up what is about another teacher, also when it is chosen again meanwhile', async () => {
    const { watch, asked, told } = watching();
    watch.look(draft('a'));
    await until(() => asked.length === 1);
    watch.look(draft('b'));
    watch.look(draft('a'));
    await until(() => told.includes(refused));
    assert.deepEqual(
      [asked, told],
      [
        ['a', 'a'],
        [undefined, undefined, refused],
      ],
    );
  });

  it('tells of another student without saying first that teacher and data are looked into', async () => {
    const { watch, asked, told } = watching();
    const withStudent = (student: string) => ({ draft: { teacher: 'a', student }, baseDirectory: '/' });
    watch.look(withStudent('1'));
    await until(() => told.length === 2);
    watch.look(withStudent('2'));
    await until(() => told.length === 3);
    assert.deepEqual(asked, ['a1', 'a2']);
    assert.deepEqual(told, [undefined, refused, refused]);
  });
});
