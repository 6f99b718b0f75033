import assert from 'node:assert/strict';
import type { Problem } from '../../../../src/errors.ts';
import { DraftChecks } from '../../../../src/extension/panel/draftChecks.ts';

describe('DraftChecks', () => {
  const problem = (message: string): readonly Problem[] => [{ where: 'student', message }];

  /** Checks that end when their problems are given, by the order in which they began. */
  function checks(): {
    readonly checks: DraftChecks;
    readonly ends: ((problems: readonly Problem[]) => void)[];
    readonly told: (readonly Problem[])[];
  } {
    const ends: ((problems: readonly Problem[]) => void)[] = [];
    const told: (readonly Problem[])[] = [];
    const find = (): Promise<readonly Problem[]> => new Promise((resolve) => ends.push(resolve));
    return { checks: new DraftChecks(find, (problems) => told.push(problems)), ends, told };
  }

  it('tells nothing of an older check that ends after a newer one', async () => {
    const { checks: draft, ends, told } = checks();
    const older = draft.check();
    const newer = draft.check();
    ends[1]?.(problem('of the newer'));
    await newer;
    ends[0]?.(problem('of the older'));
    await older;
    assert.deepEqual(told, [problem('of the newer')]);
  });

  it('tells nothing of an older check that ends while a newer one goes on', async () => {
    const { checks: draft, ends, told } = checks();
    const older = draft.check();
    const newer = draft.check();
    ends[0]?.(problem('of the older'));
    await older;
    assert.deepEqual(told, []);
    ends[1]?.([]);
    await newer;
    assert.deepEqual(told, [[]]);
  });

  it('tells of every check that nothing came after', async () => {
    const { checks: draft, ends, told } = checks();
    for (const message of ['first', 'second']) {
      const check = draft.check();
      ends.at(-1)?.(problem(message));
      await check;
    }
    assert.deepEqual(told, [problem('first'), problem('second')]);
  });
});
