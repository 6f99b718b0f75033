import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { PlacementProfile } from '../../../../src/training/engines/devices/placementProfile.ts';
import { closeSession, openSession, runtimeTensor } from '../../../../src/training/engines/session.ts';

describe('the profile of where operators are computed', () => {
  it('names those that the CPU computes, each once, and leaves nothing behind', async () => {
    const placement = new PlacementProfile();
    const graph = new Graph();
    const x = graph.input('x', 'float32', [4]);
    graph.output(graph.op('Sin', [graph.op('Erf', [graph.op('Sin', [x])])]), 'y');
    const options = { device: 'cpu', profilePrefix: placement.prefix } as const;
    const session = await openSession(encodeModel(exportModel(graph, { name: 'placed' })), options);
    await session.run({ x: runtimeTensor(new Float32Array(4), [4]) });
    assert.deepEqual(placement.read(session), ['Erf', 'Sin']);
    assert.ok(!existsSync(dirname(placement.prefix)));
    await closeSession(session);
  });
});
