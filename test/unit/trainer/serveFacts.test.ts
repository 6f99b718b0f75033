import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { BadInputError } from '../../../src/errors.ts';
import type { ExperimentFacts } from '../../../src/protocol/experimentFacts.ts';
import { serveFacts } from '../../../src/trainer/serveFacts.ts';

const { signal } = new AbortController();
const facts: ExperimentFacts = {
  teacher: null,
  student: { takes: [4], gives: [3], parameters: 15, macs: 12 },
  foreseen: null,
  data: {
    format: 'CSV',
    task: 'regression',
    samples: 'tables',
    training: 1,
    validation: 1,
    test: 1,
    classes: [],
    counts: [],
    findings: [],
    columns: [],
    examples: [],
  },
};

describe('serveFacts', () => {
  it('answers every line with what the experiment is about, or with the problems of what cannot be opened', async () => {
    const problems = [{ where: 'dataset.path', message: 'is empty' }];
    const [input, output] = [new PassThrough(), new PassThrough()];
    const asked: unknown[] = [];
    const served = serveFacts(input, output, signal, {
      describe: (experiment, { baseDirectory }) => {
        asked.push([experiment, baseDirectory]);
        return asked.length === 1 ? Promise.resolve(facts) : Promise.reject(new BadInputError(problems));
      },
    });
    for (const a of [1, 2]) input.write(`${JSON.stringify({ experiment: { a }, baseDirectory: '/somewhere' })}\n`);
    input.end('no question\n');
    await served;
    output.end();
    const answers = (await text(output))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
    assert.deepEqual(asked, [
      [{ a: 1 }, '/somewhere'],
      [{ a: 2 }, '/somewhere'],
    ]);
    assert.deepEqual(answers.slice(0, 2), [
      { kind: 'found', facts },
      { kind: 'refused', problems },
    ]);
    assert.equal(answers[2]?.kind, 'refused');
  });
});
