import assert from 'node:assert/strict';
import { Random } from '../../../../src/data/random.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  type TrainingCheckpoint,
} from '../../../../src/training/checkpoints/checkpoint.ts';
import { decodeTensors, encodeTensors } from '../../../../src/training/checkpoints/safetensors.ts';

function checkpoint(): TrainingCheckpoint {
  const random = new Random(1);
  random.normal();
  return {
    epoch: 3,
    batchesDone: 7,
    batchesPerEpoch: 12,
    step: 31,
    seconds: 12.25,
    order: random.state,
    losses: { sums: { total: 0.1 + 0.2, kd: 1e-300 }, count: 7 },
    best: {
      epoch: 2,
      quality: { accuracy: null, loss: NaN },
      weights: new Map([['best/odd name', floatTensor([1, 2], [1, 2])]]),
    },
    state: new Map([
      ['parameters', floatTensor([Math.fround(0.1), -0])],
      ['adam.first:parameters', floatTensor([3, 4])],
    ]),
  };
}

describe('checkpoint', () => {
  it('keeps everything, to the last bit', () => {
    const decoded = decodeCheckpoint(encodeCheckpoint(checkpoint(), { stage: 'student' }), 'x');
    assert.deepEqual(decoded.checkpoint, checkpoint());
    assert.equal(decoded.notes['stage'], 'student');
  });

  it('keeps a training that has no best epoch yet', () => {
    const fresh = { ...checkpoint(), best: undefined };
    assert.deepEqual(decodeCheckpoint(encodeCheckpoint(fresh, {}), 'x').checkpoint, fresh);
  });

  it('refuses other files of tensors', () => {
    const { tensors, metadata } = decodeTensors(encodeCheckpoint(checkpoint(), {}), 'x');
    const others = [{}, { ...metadata, version: '2' }, { ...metadata, checkpoint: '{' }, { version: '1' }];
    for (const other of others) {
      const file = encodeTensors({ tensors, metadata: { ...other } });
      assert.throws(
        () => decodeCheckpoint(file, 'a/student.safetensors'),
        /'a\/student\.safetensors' is no checkpoint/,
      );
    }
  });
});
