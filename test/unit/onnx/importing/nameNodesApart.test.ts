import assert from 'node:assert/strict';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { nameNodesApart } from '../../../../src/onnx/importing/nameNodesApart.ts';
import { InferenceSession } from '../../../../src/platform/onnxRuntime.ts';
import { fileOfModel, storedModel } from '../../../support/storedModel.ts';

const fileOf = (names: readonly string[]) => {
  const nodes = names.map((_, at) => ['Relu', at === 0 ? 'x' : `v${at - 1}`, `v${at}`] as const);
  const proto = storedModel(17, { inputs: { x: ['n', 2] }, nodes, outputs: [`v${names.length - 1}`] });
  for (const [at, node] of proto.graph!.node.entries()) node.name = names[at] ?? '';
  return fileOfModel(proto);
};
const namesIn = ({ proto }: ReturnType<typeof fileOf>) => proto.graph!.node.map(({ name }) => name);

describe('nameNodesApart', () => {
  it('names nodes anew that are called as one before is, so that ONNX Runtime reads the model', async () => {
    const file = fileOf(['a', 'a', 'a.2', 'a', '', '']);
    const apart = nameNodesApart(file);
    assert.deepEqual(namesIn(apart), ['a', 'a.3', 'a.2', 'a.4', '', '']);
    assert.equal(apart.isChanged, true);
    assert.deepEqual(namesIn(file), ['a', 'a', 'a.2', 'a', '', ''], 'the original changed');
    await assert.rejects(InferenceSession.create(encodeModel(file.proto), { logSeverityLevel: 4 }), /same node name/);
    const session = await InferenceSession.create(encodeModel(apart.proto), { logSeverityLevel: 4 });
    await session.release();
  });

  it('leaves a model as it is whose nodes have names of their own, or none', () => {
    const file = fileOf(['a', 'b', '', '']);
    assert.equal(nameNodesApart(file), file);
  });
});
