import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseExperiment } from '../../src/experiment/parseExperiment.ts';
import { removeRuns, run } from '../support/runs.ts';
import { fullOr, tellShortened } from '../support/full.ts';

describe('the built-in example', () => {
  after(removeRuns);

  it(`beats the same student without the teacher, for ${fullOr('three seeds', 'a seed')}`, async function () {
    this.timeout(400_000);
    const path = fileURLToPath(new URL('../../examples/builtin-digits.distill.json', import.meta.url));
    const experiment = parseExperiment(JSON.parse(readFileSync(path, 'utf8')));
    const first = await run({ ...experiment, device: 'cpu' });
    const teacher = { model: join(first.folder, 'teacher.onnx') };
    const results = [first.result];
    tellShortened('the built-in example: one seed of three');
    for (const seed of fullOr([1, 2], [])) {
      const training = { ...experiment.training, seed };
      results.push((await run({ ...experiment, teacher, training, device: 'cpu' })).result);
    }
    const gains = results.map((result) => result.report?.gain ?? NaN);
    console.log(`      gains in points: ${gains.map((gain) => (gain * 100).toFixed(2)).join(', ')}`);
    for (const gain of gains) assert.ok(gain > 0);
  });
});
