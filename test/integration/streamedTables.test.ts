import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from '../../src/onnx/file.ts';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { randomStream } from '../../src/data/random.ts';
import { removeFolder, temporaryFolder } from '../support/datasets.ts';
import { removeRuns, run } from '../support/runs.ts';

describe('a run on rows that do not fit into memory', () => {
  let folder: string;
  const { constrainedMemory } = process;
  before(() => {
    folder = temporaryFolder();
    const random = randomStream(0, 'rows');
    const lines = Array.from({ length: 3000 }, () => {
      const [x, y] = [random.normal(), random.normal()];
      const colour = random.integer(2) === 0 ? 'red' : 'green';
      return `${x.toFixed(3)},${y.toFixed(3)},${colour},${x * y > 0 ? 'same' : 'other'}`;
    });
    writeFileSync(join(folder, 'rows.csv'), `x,y,colour,label\n${lines.join('\n')}\n`);
  });
  afterEach(() => {
    process.constrainedMemory = constrainedMemory;
  });
  after(() => {
    removeFolder(folder);
    removeRuns();
  });

  const experiment = (changes: Partial<ExperimentInput> = {}): ExperimentInput => ({
    teacher: { architecture: 'mlp', hidden: [16], training: { epochs: 2 } },
    dataset: { path: join(folder, 'rows.csv') },
    student: { architecture: 'mlp', hidden: [8] },
    training: { epochs: 2, batchSize: 32 },
    baseline: true,
    device: 'cpu',
    ...changes,
  });
  /** What a network is made of, without what its file says of the data. */
  const graphOf = async (runFolder: string, name: string) => (await loadModel(join(runFolder, name))).proto.graph;

  it('ends with the very same student, which is judged alike', async () => {
    const held = await run(experiment());
    process.constrainedMemory = () => 40_000;
    const streamed = await run(experiment());
    assert.match(JSON.stringify(streamed.events), /The 3000 rows do not fit into the memory/);
    for (const name of ['student.onnx', 'baseline.onnx', 'teacher.onnx'])
      assert.deepEqual(await graphOf(streamed.folder, name), await graphOf(held.folder, name), name);
  });
});
