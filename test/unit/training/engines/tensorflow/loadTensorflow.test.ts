import assert from 'node:assert/strict';
import util from 'node:util';
import { DistilleryError } from '../../../../../src/errors.ts';
import { loadTensorflow } from '../../../../../src/training/engines/tensorflow/loadTensorflow.ts';

function refusal(error: Error): DistilleryError {
  try {
    loadTensorflow(() => {
      throw error;
    });
  } catch (raised) {
    assert.ok(raised instanceof DistilleryError);
    return raised;
  }
  return assert.fail('it was loaded');
}

describe('loadTensorflow', () => {
  it('loads tfjs-node, with the function that Node 23 removed', () => {
    const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
    const original = legacy.isNullOrUndefined;
    delete legacy.isNullOrUndefined;
    try {
      const loaded = { version: 'any' };
      const tf = loadTensorflow((name) => {
        assert.equal(name, '@tensorflow/tfjs-node');
        assert.deepEqual(
          [null, undefined, 0, ''].map((value) => legacy.isNullOrUndefined?.(value)),
          [true, true, false, false],
        );
        return loaded;
      });
      assert.equal(tf, loaded);
    } finally {
      if (original) legacy.isNullOrUndefined = original;
    }
  });

  it('tells how to install the package where it is missing', () => {
    const missing = Object.assign(new Error("Cannot find module '@tensorflow/tfjs-node'\nRequire stack:\n- a.js"), {
      code: 'MODULE_NOT_FOUND',
    });
    const { code, message, hint } = refusal(missing);
    assert.equal(code, 'UNSUPPORTED');
    assert.match(message, /@tensorflow\/tfjs-node, which is not installed\.$/);
    assert.match(hint ?? '', /npm install @tensorflow\/tfjs-node --ignore-scripts=false/);
  });

  it('tells how to fetch the native library where only that is missing', () => {
    const { message, hint } = refusal(new Error('tfjs_binding.node can not be found.\nPlease run a command.'));
    assert.match(message, /does not load: tfjs_binding\.node can not be found\.$/);
    assert.match(hint ?? '', /npm rebuild @tensorflow\/tfjs-node --ignore-scripts=false/);
  });
});
