import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Problem } from '../../../../src/errors.ts';
import type { EvaluatedNetwork } from '../../../../src/evaluation/evaluateNetwork.ts';
import { measureMemoryOfNetworks } from '../../../../src/run/measures/measureMemoryOfNetworks.ts';
import type { MemoryTrialResult } from '../../../../src/training/engines/memory/memoryTrial.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../../src/onnx/file.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { loadNetwork, type NetworkFile } from '../../../../src/training/engines/networkFile.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';

const LONG = 1e9;

describe('measureMemoryOfNetworks', () => {
  let folder = '';
  let model: NetworkFile;
  before(async () => {
    folder = temporaryFolder();
    const graph = new Graph();
    graph.output(graph.op('Relu', [graph.input('x', 'float32', [1, 3])]));
    const path = join(folder, 'relu.onnx');
    await saveModel(path, exportModel(graph, { name: 'relu', dynamicBatch: 'batch' }));
    model = await loadNetwork(path, { sampleShape: [3] });
  });
  after(() => {
    removeFolder(folder);
  });

  /** What is found where processes tell these one after the other, how many there were, and what was warned of. */
  async function measured(results: readonly MemoryTrialResult[], limitMs: number) {
    const student: EvaluatedNetwork = {
      name: 'student',
      members: [{ model, weight: 1 }],
      metrics: { accuracy: null, loss: 0, perClass: [], samples: 0, errors: null, deviation: null },
      memberMetrics: [],
      said: { outputs: new Float32Array(0), kind: 'logits' },
    };
    const warnings: Problem[] = [];
    let processes = 0;
    const found = await measureMemoryOfNetworks([student], {
      sampleShape: [3],
      limitMs,
      onWarning: (problem) => warnings.push(problem),
      measure: () => Promise.resolve(results[processes++] ?? { reason: 'too many' }),
    });
    return { memory: found.get('student'), processes, warnings: warnings.map(({ message }) => message) };
  }

  it('takes the least of three processes for a small network, whose peak else hangs on chance', async () => {
    const results = [{ growth: [600, 610] }, { growth: [240, 900] }, { growth: [250, 260] }];
    assert.deepEqual(await measured(results, LONG), {
      memory: { single: 240, batched: 260 },
      processes: 3,
      warnings: [],
    });
  });

  it('asks one process about a large network, or where there is no time', async () => {
    const large = { growth: [1000, 2 ** 24] };
    assert.equal((await measured([large, large], LONG)).processes, 1);
    assert.equal((await measured([{ growth: [1, 2] }, { growth: [1, 2] }], -1)).processes, 1);
  });

  it('warns where nothing was found, and not where a later process fails', async () => {
    const reason = 'its process ended (SIGKILL)';
    assert.deepEqual(await measured([{ reason }], LONG), {
      memory: undefined,
      processes: 1,
      warnings: [`The peak memory of the student could not be measured: ${reason}.`],
    });
    assert.deepEqual(await measured([{ growth: [5, 6] }, { reason }], LONG), {
      memory: { single: 5, batched: 6 },
      processes: 2,
      warnings: [],
    });
  });
});
