import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askForExplanation } from '../../../../src/extension/runs/askForExplanation.ts';
import type { ExplanationAnswer } from '../../../../src/report/explanation.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';

/** Asks a program with this code for sample 3 of the run in `/run`. */
async function ask(code: string): Promise<ExplanationAnswer> {
  let answer: ExplanationAnswer | undefined;
  await withTemporaryFolder(async (folder) => {
    const program = join(folder, 'program.mjs');
    await writeFile(program, code);
    answer = await askForExplanation(program, '/run', { sample: 3, output: 'cat' });
  });
  return answer!;
}

describe('askForExplanation', () => {
  it('gives run, sample and output to the child process and takes its answer', async () => {
    const answer = await ask(`
      import { text } from 'node:stream/consumers';
      const { folder, sample, output } = JSON.parse(await text(process.stdin));
      const explanation = {
        sample, truth: [folder], explained: output, correlation: null, method: 'occlusion',
        says: { kind: 'numbers', rows: [] }, pictures: null, strongest: [],
      };
      console.log(JSON.stringify({ kind: process.argv[2] === '--explain' && 'explained', explanation }));
    `);
    assert.ok(answer.kind === 'explained');
    const { sample, truth, explained } = answer.explanation;
    assert.deepEqual([sample, truth, explained], [3, ['/run'], 'cat']);
  });

  it('takes no pictures from elsewhere', async () => {
    await assert.rejects(
      ask(`
        process.stdin.resume();
        const pictures = { sample: 'https://example.org/a.png', teacher: '', student: '' };
        const explanation = {
          sample: 3, truth: null, explained: '', correlation: 0, method: 'occlusion',
          says: { kind: 'numbers', rows: [] }, pictures, strongest: [],
        };
        console.log(JSON.stringify({ kind: 'explained', explanation }));
      `),
      { name: 'DistilleryError', message: 'The sample could not be explained.' },
    );
  });
});
