import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportModel } from '../../../../../src/onnx/exporting/exportModel.ts';
import { loadModel, saveModel } from '../../../../../src/onnx/file.ts';
import { Graph } from '../../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../../src/onnx/tensor.ts';
import { adaptNetwork } from '../../../../../src/teacher/matching/adaptNetwork.ts';
import { measureMemory } from '../../../../../src/training/engines/memory/measureMemory.ts';
import { loadNetwork, type NetworkFile } from '../../../../../src/training/engines/networkFile.ts';
import { removeFolder, temporaryFolder } from '../../../../support/datasets.ts';

const WIDTH = 2000;
const WEIGHT_BYTES = 4 * WIDTH * WIDTH;

describe('measureMemory', () => {
  let folder: string;

  before(() => {
    folder = temporaryFolder();
  });

  after(() => {
    removeFolder(folder);
  });

  /** A product with a square matrix, so wide that nothing else counts. @param batch the batch size, or a name for any */
  async function matrix(name: string, batch: number | string, weights = 1): Promise<NetworkFile> {
    const graph = new Graph();
    let value = graph.input('x', 'float32', [1, WIDTH]);
    for (let index = 0; index < weights; index++) {
      const data = new Float32Array(WIDTH * WIDTH).fill(index + 1);
      value = graph.op('MatMul', [value, graph.initializer(`w${index}`, floatTensor(data, [WIDTH, WIDTH]))]);
    }
    graph.output(value);
    const path = join(folder, `${name}.onnx`);
    await saveModel(path, exportModel(graph, { name, ...(typeof batch === 'string' && { dynamicBatch: batch }) }));
    return loadNetwork(path, { sampleShape: [WIDTH] });
  }

  const options = { sampleShape: [WIDTH], batchSizes: [1, 8000] };
  const growthOf = async (
    models: readonly NetworkFile[],
    batchSizes = options.batchSizes,
  ): Promise<readonly number[]> => {
    const result = await measureMemory(models, { ...options, batchSizes });
    assert.ok('growth' in result, JSON.stringify(result));
    return result.growth;
  };

  it('finds the weights in memory, and the inputs and outputs of a batch', async () => {
    const [single = 0, batched = 0] = await growthOf([await matrix('one', 'batch')]);
    assert.ok(single >= WEIGHT_BYTES, String(single));
    // Inputs and outputs of the batch are as large as four matrices each.
    assert.ok(batched - single >= 2 * WEIGHT_BYTES, `${single} ${batched}`);
  });

  it('tells networks apart, each in a process of its own', async () => {
    const [ofOne = 0] = await growthOf([await matrix('one', 'batch')], [1]);
    const [ofThree = 0] = await growthOf([await matrix('three', 'batch', 3)], [1]);
    const [together = 0] = await growthOf([await matrix('again', 'batch', 3), await matrix('three', 'batch', 3)], [1]);
    // What else a process holds varies by up to a matrix, and may be given back meanwhile.
    assert.ok(ofThree - ofOne >= 1.5 * WEIGHT_BYTES, `${ofOne} ${ofThree}`);
    assert.ok(together - ofThree >= 1.5 * WEIGHT_BYTES, `${ofThree} ${together}`);
  });

  it('measures a network with operators before it as it is run', async () => {
    const base = await matrix('adapted', 'batch');
    const adapted = adaptNetwork(base, { classes: Array.from({ length: 10 }, (_, index) => index) }, [WIDTH]);
    const [single = 0] = await growthOf([adapted], [1]);
    assert.ok(single >= WEIGHT_BYTES, String(single));
  });

  it('says why a network could not be measured', async () => {
    const network = await matrix('broken', 'batch');
    writeFileSync(network.file.path, 'no network');
    const result = await measureMemory([network], options);
    assert.ok('reason' in result);
    assert.match(result.reason, /broken\.onnx/);
    await assert.rejects(loadModel(network.file.path));
  });
});
