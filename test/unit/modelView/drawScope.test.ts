import assert from 'node:assert/strict';
import { describeModel } from '../../../src/modelView/describeModel.ts';
import { drawScope } from '../../../src/modelView/drawScope.ts';
import { openModel } from '../../../src/modelView/openModel.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { storedModel } from '../../support/storedModel.ts';
import { denseModel, temporaryFolder, written } from './models.ts';

/** Relus one after the other. @param nameOf the name of node number i */
function chain(length: number, nameOf: (index: number) => string): ModelProto {
  const model = storedModel(17, {
    inputs: { v0: [1, 4] },
    nodes: Array.from({ length }, (_, index) => ['Relu', `v${index}`, `v${index + 1}`] as const),
    outputs: [`v${length}`],
  });
  model.graph?.node.forEach((node, index) => {
    node.name = nameOf(index);
  });
  return model;
}

describe('the drawing of a graph', () => {
  const folder = temporaryFolder();
  const described = (name: string, model: ModelProto) => describeModel(openModel(written(folder(), name, model)));

  it('has a box for every node, input and output, none upon another, and no weights', async () => {
    const drawing = await drawScope(described('dense.onnx', denseModel()), '');
    assert.deepEqual(drawing.boxes.map(({ title }) => title).sort(), ['Gemm', 'Relu', 'x', 'y']);
    assert.equal(drawing.edges.length, 3);
    for (const [index, a] of drawing.boxes.entries()) {
      for (const b of drawing.boxes.slice(index + 1)) {
        assert.ok(a.y + a.height <= b.y || b.y + b.height <= a.y || a.x + a.width <= b.x || b.x + b.width <= a.x);
      }
    }
  });

  it('collapses what exporters named as one scope, and opens it', async () => {
    const model = described(
      'scopes.onnx',
      chain(6, (index) => `/block${index < 3 ? 1 : 2}/Relu_${index}`),
    );
    const whole = await drawScope(model, '');
    const scopes = whole.boxes.filter(({ kind }) => kind === 'scope');
    assert.deepEqual(
      scopes.map(({ title, subtitle }) => [title, subtitle]),
      [
        ['block1', '3'],
        ['block2', '3'],
      ],
    );
    const inside = await drawScope(model, scopes[1]?.scope ?? '');
    assert.deepEqual(
      inside.path.map(({ title }) => title),
      ['', 'block2'],
    );
    assert.equal(inside.boxes.filter(({ kind }) => kind === 'node').length, 3);
    assert.deepEqual(
      inside.boxes.filter(({ kind }) => kind === 'input').map(({ title }) => title),
      ['v3'],
    );
  });

  it('never has more boxes than a person can read, whatever the size', async () => {
    const model = described(
      'long.onnx',
      chain(5000, (index) => `n${index}`),
    );
    const seen = new Set<number>();
    const visit = async (scope: string): Promise<void> => {
      const { boxes } = await drawScope(model, scope);
      assert.ok(boxes.length <= 125, `${boxes.length} boxes`);
      for (const box of boxes) if (box.node !== undefined) seen.add(box.node);
      // One part of many stands for the others.
      const next = boxes.find((box) => box.scope !== undefined);
      if (next?.scope !== undefined) await visit(next.scope);
    };
    await visit('');
    assert.ok(seen.size > 0);
  }).timeout(60_000);

  it('refuses a scope that there is not', async () => {
    await assert.rejects(drawScope(described('none.onnx', denseModel()), '/nowhere'), /no scope/);
  });
});
