import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { factsAnswerSchema, FactsProcess } from '../../../../src/extension/experiments/factsProcess.ts';
import { ExperimentDescriber } from '../../../../src/preflight/inspection/experimentDescriber.ts';
import type { FactsAnswer } from '../../../../src/protocol/experimentFacts.ts';
import { withTemporaryFolder } from '../../../support/programs.ts';

/** Answers with its process id, after a while where that is asked for, and dies where that is. */
const PROGRAM = `
  import { createInterface } from 'node:readline';
  for await (const line of createInterface({ input: process.stdin })) {
    const { experiment } = JSON.parse(line);
    if (experiment.dies) { console.error('Out of order'); process.exit(3); }
    if (experiment.waits) await new Promise((resolve) => setTimeout(resolve, 60_000));
    console.log(JSON.stringify({ kind: 'refused', problems: [{ where: process.argv[2], message: String(process.pid) }] }));
  }
`;
const { signal } = new AbortController();

function processId(answer: FactsAnswer): string {
  assert.ok(answer.kind === 'refused');
  assert.equal(answer.problems[0]?.where, '--facts');
  return answer.problems[0].message;
}

describe('FactsProcess', () => {
  it('asks one process again and again, and another one after that was cancelled, died or was idle', async () => {
    await withTemporaryFolder(async (folder) => {
      const program = join(folder, 'program.mjs');
      await writeFile(program, PROGRAM);
      const facts = new FactsProcess(program);
      const first = processId(await facts.ask({}, folder, signal));
      assert.equal(processId(await facts.ask({}, folder, signal)), first);

      const other = new AbortController();
      const cancelled = facts.ask({ waits: true }, folder, other.signal);
      other.abort();
      await assert.rejects(cancelled, { name: 'DistilleryError', code: 'CANCELLED' });
      const second = processId(await facts.ask({}, folder, signal));
      assert.notEqual(second, first);

      await assert.rejects(facts.ask({ dies: true }, folder, signal), {
        name: 'DistilleryError',
        hint: 'Out of order',
      });
      assert.notEqual(processId(await facts.ask({}, folder, signal)), second);
      facts.dispose();
    });
  });

  it('lets everything through that is found out', async () => {
    const experiment = {
      teacher: { architecture: 'gradient-boosting' },
      dataset: { path: 'examples/data/fruit.csv' },
      student: { architecture: 'decision-tree' },
    };
    const facts = await new ExperimentDescriber().describe(experiment, { baseDirectory: process.cwd(), signal });
    assert.deepEqual([facts.teacher?.isGrown, facts.student?.isGrown], [true, true], 'sizes are not known yet');
    const found: FactsAnswer = { kind: 'found', facts };
    assert.deepEqual(factsAnswerSchema.parse(JSON.parse(JSON.stringify(found))), JSON.parse(JSON.stringify(found)));
  });

  it('ends a process that nothing is asked', async () => {
    await withTemporaryFolder(async (folder) => {
      const program = join(folder, 'program.mjs');
      await writeFile(program, PROGRAM);
      const facts = new FactsProcess(program, 1);
      const first = Number(processId(await facts.ask({}, folder, signal)));
      await assert.doesNotReject(async () => {
        for (const deadline = Date.now() + 5000; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
          try {
            process.kill(first, 0);
          } catch {
            return;
          }
          if (Date.now() > deadline) throw new Error('it goes on');
        }
      });
      facts.dispose();
    });
  });
});
