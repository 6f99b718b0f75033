import assert from 'node:assert/strict';
import type { Dataset } from '../../../../src/data/dataset.ts';
import { parseExperiment } from '../../../../src/experiment/parseExperiment.ts';
import { checkFittedMemory } from '../../../../src/preflight/checks/checkFittedMemory.ts';

describe('models that are fitted to all samples at once', () => {
  const { constrainedMemory } = process;
  afterEach(() => {
    process.constrainedMemory = constrainedMemory;
  });
  const experimentOf = (student: object) =>
    parseExperiment({
      teacher: null,
      dataset: { path: 'rows.csv' },
      student,
      objective: [{ loss: 'labels', weight: 1 }],
    });
  const dataset = { training: { count: 1000 }, sampleShape: [10] } as unknown as Dataset;

  it('are refused where these would take more than half of the memory', () => {
    process.constrainedMemory = () => 60_000;
    const [problem] = checkFittedMemory(experimentOf({ architecture: 'gradient-boosting' }), dataset);
    assert.match(
      problem?.message ?? '',
      /A gradient-boosting is fitted to all samples at once, and these 1000 would take/,
    );
    assert.match(problem?.hint ?? '', /Set dataset\.limit to 750 or less/);
    assert.deepEqual(checkFittedMemory(experimentOf({ architecture: 'mlp', hidden: [4] }), dataset), []);
  });

  it('may be fitted where they fit', () => {
    assert.deepEqual(checkFittedMemory(experimentOf({ architecture: 'gradient-boosting' }), dataset), []);
  });
});
