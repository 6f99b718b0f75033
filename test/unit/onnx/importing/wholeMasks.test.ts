import assert from 'node:assert/strict';
import { Random } from '../../../../src/data/random.ts';
import { int } from '../../../../src/onnx/graph.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { wholeMasks } from '../../../../src/onnx/importing/wholeMasks.ts';
import type { ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { fileOfModel, runAll, storedModel } from '../../../support/storedModel.ts';

/** Attention of two samples, of the second of which the last two places are hidden. */
function masked(queries: number, isUpright: boolean): ModelProto {
  const rows = [0, 0, 0, 0, 0, 0, 0, 0, -1e4, -1e4];
  const hiding = [rows.slice(0, 5), rows.slice(5)].flatMap((row) => Array<number[]>(queries).fill(row).flat());
  return storedModel(23, {
    inputs: isUpright
      ? { q: [2, 2, 4, 3], k: [2, 2, 5, 3], v: [2, 2, 5, 3] }
      : { q: [2, 4, 6], k: [2, 5, 6], v: [2, 5, 6] },
    initializers: { mask: floatTensor(hiding, [2, 1, queries, 5]) },
    nodes: [['Attention', 'q k v mask', 'y', isUpright ? {} : { q_num_heads: int(2), kv_num_heads: int(2) }]],
    outputs: ['y'],
  });
}

describe('wholeMasks', () => {
  for (const isUpright of [true, false]) {
    it(`gives every query its row of a mask that has one for all, of rank ${isUpright ? 4 : 3}`, async () => {
      const changed = wholeMasks(fileOfModel(masked(1, isUpright), 23));
      assert.equal(changed.isChanged, true);
      const whole = masked(4, isUpright);
      const [given, wanted] = await runAll([changed.proto, whole], importGraph(whole), new Random(3));
      assert.deepEqual(given!['y'], wanted!['y']);
      assert.deepEqual(importGraph(changed.proto).value('y').shape, importGraph(whole).value('y').shape);
    });
  }

  it('leaves a mask as it is that has them', () => {
    const file = fileOfModel(masked(4, true), 23);
    assert.equal(wholeMasks(file), file);
  });
});
