import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { BadInputError } from '../../../src/errors.ts';
import type { ExperimentFacts, ModelFacts } from '../../../src/protocol/experimentFacts.ts';
import { serveFacts } from '../../../src/trainer/serveFacts.ts';
import { untrainedClassifier } from '../../e2e/support/models.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';

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
  it('ends when it is asked to, although its input stays open', async () => {
    const answers = { describe: () => Promise.resolve(facts) };
    const early = AbortSignal.abort();
    await serveFacts(new PassThrough(), new PassThrough(), early, answers);
    const [input, output, stop] = [new PassThrough(), new PassThrough(), new AbortController()];
    const served = serveFacts(input, output, stop.signal, answers);
    input.write(`${JSON.stringify({ experiment: {}, baseDirectory: '/somewhere' })}\n`);
    await once(output, 'data');
    stop.abort();
    await served;
  });

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

  it('tells what the teacher is while no data are chosen', async () => {
    const folder = temporaryFolder();
    try {
      writeFileSync(join(folder, 'a.onnx'), untrainedClassifier({ sampleShape: [1, 4, 4], classes: 3 }));
      const [input, output] = [new PassThrough(), new PassThrough()];
      const never = { describe: () => Promise.reject(new Error('It was asked for the whole.')) };
      const served = serveFacts(input, output, signal, never);
      for (const model of ['a.onnx', 'b.onnx']) {
        const experiment = { teacher: { model }, dataset: { path: '' }, student: { architecture: 'mlp' } };
        input.write(`${JSON.stringify({ experiment, baseDirectory: folder })}\n`);
      }
      input.end();
      await served;
      output.end();
      const [there = '', missing = ''] = (await text(output)).trim().split('\n');
      const { kind, model } = JSON.parse(there) as { kind: string; model: ModelFacts };
      assert.equal(kind, 'teacher');
      assert.deepEqual([model.takes, model.gives, model.parameters], [[[1, 4, 4]], [[3]], 323]);
      assert.match(missing, /"refused".*b\.onnx/);
    } finally {
      removeFolder(folder);
    }
  });
});
