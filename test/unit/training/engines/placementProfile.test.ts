import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { PlacementProfile } from '../../../../src/training/engines/devices/placementProfile.ts';
import { openGraph } from '../../../../src/training/engines/openGraph.ts';
import { repeatedName } from '../../../../src/training/engines/repeatSteps.ts';
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

  it('names those inside of a run of several steps, too', async () => {
    const placement = new PlacementProfile();
    const graph = new Graph();
    const weights = graph.input('weights', 'float32', [4]);
    graph.output(graph.op('Add', [graph.op('Erf', [weights]), graph.input('samples', 'float32', [4])]), 'weights.next');
    const carried = [{ name: 'weights', next: 'weights.next' }];
    const session = await openGraph(graph, { device: 'cpu', profilePrefix: placement.prefix }, { carried });
    await session.run({
      [repeatedName('weights')]: runtimeTensor(new Float32Array(4), [4]),
      [repeatedName('samples')]: runtimeTensor(new Float32Array(8), [2, 4]),
    });
    const operators = placement.read(session);
    assert.ok(operators.includes('Erf') && operators.includes('Add'), operators.join());
    await closeSession(session);
  });
});
