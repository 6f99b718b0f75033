import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { workspaceOfInput } from '../../../../src/extension/agents/workspaceOfInput.ts';

describe('the folder that a tool is called in', () => {
  const [one, other] = [resolve('/one'), resolve('/other')];

  it('is the one that a path of the input lies in, however deep', () => {
    const input = { experiment: { teacher: { ensemble: [{ model: join(other, 'a.onnx') }] } } };
    assert.equal(workspaceOfInput(input, [one, other]), other);
    assert.equal(workspaceOfInput({ path: other }, [one, other]), other);
  });

  it('is the first where no path tells', () => {
    assert.equal(workspaceOfInput({ model: 'a.onnx', more: [1, null] }, [one, other]), one);
    assert.equal(workspaceOfInput({ model: resolve('/otherwise/a.onnx') }, [one, other]), one);
    assert.equal(workspaceOfInput({}, []), undefined);
  });
});
