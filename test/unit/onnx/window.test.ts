import assert from 'node:assert/strict';
import { Random } from '../../../src/data/random.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { Graph, ints, text } from '../../../src/onnx/graph.ts';
import { windowOf } from '../../../src/onnx/window.ts';
import { runAll } from '../../support/storedModel.ts';

describe('the window of a convolution', () => {
  for (const mode of ['SAME_UPPER', 'SAME_LOWER', 'VALID']) {
    it(`${mode} pads as ONNX Runtime does`, async () => {
      for (const seed of [0, 1, 2, 3, 4, 5, 6, 7]) {
        const random = new Random(seed);
        const [kernel, strides, size] = [
          [1 + random.integer(4), 1 + random.integer(4)],
          [1 + random.integer(3), 1 + random.integer(3)],
          [4 + random.integer(5), 4 + random.integer(5)],
        ];
        const graph = new Graph();
        const x = graph.input('x', 'float32', [1, 2, ...size]);
        const w = graph.input('w', 'float32', [3, 2, ...kernel]);
        const named = graph.op('Conv', [x, w], { strides: ints(strides), auto_pad: text(mode) });
        const { padsBegin, padsEnd } = windowOf(graph.nodes[0]!, size, kernel);
        const padded = graph.op('Conv', [x, w], { strides: ints(strides), pads: ints([...padsBegin, ...padsEnd]) });
        assert.deepEqual(named.shape, padded.shape);
        graph.output(named, 'named');
        graph.output(padded, 'padded');
        const [results] = await runAll([exportModel(graph, { name: 'g' })], graph, random);
        const [expected, actual] = [results!['named']!.data, results!['padded']!.data];
        actual.forEach((value, index) => {
          assert.ok(Math.abs(value - expected[index]!) < 1e-4, `seed ${seed}: ${value} is not ${expected[index]}`);
        });
      }
    });
  }

  it('is 1 everywhere and without padding unless the node says otherwise', () => {
    const graph = new Graph();
    graph.op('Relu', [graph.input('x', 'float32', [1])]);
    assert.deepEqual(windowOf(graph.nodes[0]!, [5, 5], [3, 2]), {
      kernel: [3, 2],
      strides: [1, 1],
      dilations: [1, 1],
      padsBegin: [0, 0],
      padsEnd: [0, 0],
    });
  });
});
