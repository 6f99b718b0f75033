import assert from 'node:assert/strict';
import { randomStream } from '../../../../../src/data/random.ts';
import { FloatSamples } from '../../../../../src/data/samples/floatSamples.ts';
import { exportModel } from '../../../../../src/onnx/exporting/exportModel.ts';
import { Graph } from '../../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../../src/onnx/tensor.ts';
import { seenAugmentations } from '../../../../../src/run/stages/enlarge/seenAugmentations.ts';
import { readNetwork } from '../../../../../src/training/engines/networkFile.ts';

const [COUNT, SIZE] = [200, 8];

/** Pictures [1, 8, 8] that are bright in their left half or in their right one, and a network that tells which. */
function halves() {
  const random = randomStream(1, 'halves');
  const labels = Int32Array.from({ length: COUNT }, (_, index) => index % 2);
  const values = Float32Array.from({ length: COUNT * SIZE * SIZE }, (_, index) => {
    const isRight = index % SIZE >= SIZE / 2;
    const label = labels[Math.floor(index / SIZE ** 2)] === 1;
    return (isRight === label ? 0.9 : 0.1) + random.uniform(-0.05, 0.05);
  });
  const graph = new Graph();
  const input = graph.input('input', 'float32', ['batch', 1, SIZE, SIZE]);
  const weights = Array.from({ length: SIZE * SIZE * 2 }, (_, at) => {
    const isRight = (at >> 1) % SIZE >= SIZE / 2;
    return isRight === (at % 2 === 1) ? 1 : -1;
  });
  const flat = graph.op('Flatten', [input]);
  graph.output(graph.op('MatMul', [flat, graph.initializer('weight', floatTensor(weights, [SIZE * SIZE, 2]))]), 'said');
  return { values, labels, model: exportModel(graph, { name: 'halves' }) };
}

describe('seenAugmentations', () => {
  it('keeps the changes after which the teacher decides as before, and tells what it tried', async () => {
    const { values, labels, model } = halves();
    const sampleShape = [1, SIZE, SIZE];
    const split = new FloatSamples(values, { kind: 'classes', labels }, COUNT);
    const network = readNetwork(
      { path: 'teacher.onnx', directory: '.', bytes: 0, sha256: '', opset: null, proto: model, isChanged: true },
      {},
    );
    const { augmentation, tried, unchangedAccuracy } = await seenAugmentations(
      { members: [{ model: network, weight: 1 }] },
      {
        experiment: { dataset: { normalization: 'none' }, training: { seed: 1 }, cache: {} } as never,
        dataset: {
          task: { kind: 'classification', classes: ['left', 'right'] },
          samples: { kind: 'values' },
          sampleShape,
          validation: split,
        } as never,
        mixes: true,
        signal: new AbortController().signal,
      },
    );
    assert.equal(unchangedAccuracy, 1);
    const flip = tried.find((each) => each.augmentation['flip'] === true);
    assert.ok(flip && !flip.isKept && flip.accuracy < 0.7, JSON.stringify(flip));
    assert.ok(augmentation?.shift === 1 && augmentation.contrast === 0.4, JSON.stringify(augmentation));
    assert.equal(augmentation.flip, false);
    // A milder change is tried only where the teacher does not see through a stronger one.
    const rotations = tried.filter((each) => each.augmentation['rotate'] !== undefined);
    assert.ok(rotations.slice(0, -1).every(({ isKept }) => !isKept) && rotations.length <= 2);
    assert.equal(tried.filter((each) => each.augmentation['contrast'] !== undefined).length, 1);
    const mixing = tried.find((each) => each.augmentation['mixup'] === 1);
    assert.ok(mixing?.isKept && mixing.accuracy > 0.9 && augmentation.mixup === 1, JSON.stringify(mixing));
    // Where colours are grey there is no saturation to change.
    assert.ok(tried.every((each) => each.augmentation['saturation'] === undefined));
  });
});
