import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askForFeatures } from '../../../../src/extension/experiments/askForFeatures.ts';
import type { FeaturesAnswer } from '../../../../src/protocol/features.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';

/** Asks a program with this code. */
async function ask(code: string): Promise<FeaturesAnswer> {
  let answer: FeaturesAnswer | undefined;
  await withTemporaryFolder(async (folder) => {
    const program = join(folder, 'program.mjs');
    await writeFile(program, code);
    answer = await askForFeatures(program, { teacher: 'a' }, folder);
  });
  return answer!;
}

describe('askForFeatures', () => {
  it('gives the experiment to the child process and takes its answer', async () => {
    const answer = await ask(`
      import { text } from 'node:stream/consumers';
      const { experiment } = JSON.parse(await text(process.stdin));
      const feature = { name: experiment.teacher, shape: ['batch', 3], stage: 'vectors', lastOfStage: true };
      const choices = { student: [], teacher: [feature], pairs: [] };
      console.log(JSON.stringify({ kind: process.argv[2] === '--features' && 'listed', choices }));
    `);
    assert.ok(answer.kind === 'listed');
    assert.deepEqual(answer.choices.teacher, [{ name: 'a', shape: ['batch', 3], stage: 'vectors', lastOfStage: true }]);
  });

  it('takes a refusal', async () => {
    const answer = await ask(`
      process.stdin.resume();
      console.log(JSON.stringify({ kind: 'refused', problems: [{ where: 'teacher', message: 'is missing' }] }));
    `);
    assert.deepEqual(answer, { kind: 'refused', problems: [{ where: 'teacher', message: 'is missing' }] });
  });

  it('fails with what the process complained of when it gives no answer', async () => {
    await assert.rejects(
      ask(`process.stdin.resume(); process.stdin.on('end', () => { throw new Error('Out of order'); });`),
      {
        name: 'DistilleryError',
        hint: /Out of order/,
      },
    );
    await assert.rejects(ask(`process.stdin.resume(); console.log('{"kind":"else"}');`), { name: 'DistilleryError' });
  });
});
