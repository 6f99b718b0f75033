import assert from 'node:assert/strict';
import {
  chooseWeightBits,
  tryOverflow,
  type TriesOverflow,
} from '../../../../../src/run/stages/variants/weightBits.ts';
import { tellWeightBits } from '../../../../../src/run/stages/variants/tellWeightBits.ts';
import type { RunEvent } from '../../../../../src/protocol/events.ts';
import { exportModel } from '../../../../../src/onnx/exporting/exportModel.ts';
import { Graph } from '../../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../../src/onnx/tensor.ts';
import { quantizeDynamically } from '../../../../../src/quantization/dynamicInt8.ts';
import { hasOverflown, overflowTrials, type IntegerKind } from '../../../../../src/quantization/overflowTrial.ts';
import { quantizeStatically } from '../../../../../src/quantization/staticInt8.ts';
import { openSessions } from '../../../../../src/training/engines/session.ts';

const kinds: readonly IntegerKind[] = ['static-int8', 'dynamic-int8'];
const withVnni: TriesOverflow = () => Promise.resolve(false);
const withoutVnni: TriesOverflow = (_, bits) => Promise.resolve(bits === 8);

describe('chooseWeightBits', () => {
  it('takes 8 bits where the processor computes them exactly, else 7', async () => {
    for (const kind of kinds) {
      assert.deepEqual(await chooseWeightBits(kind, 'auto', withVnni), {
        bits: 8,
        reason: 'processor-exact',
        overflows: false,
      });
      assert.deepEqual(await chooseWeightBits(kind, 'auto', withoutVnni), {
        bits: 7,
        reason: 'processor-overflows',
        overflows: false,
      });
    }
  });

  it('takes what the experiment asks for, and knows when that overflows', async () => {
    const reduced = await chooseWeightBits('static-int8', 'reduced', withVnni);
    assert.deepEqual(reduced, { bits: 7, reason: 'asked', overflows: false });
    for (const [tries, overflows] of [
      [withVnni, false],
      [withoutVnni, true],
    ] as const) {
      assert.deepEqual(await chooseWeightBits('static-int8', 'full', tries), { bits: 8, reason: 'asked', overflows });
    }
  });
});

describe('tryOverflow', () => {
  it('finds 7 bits exact on every processor', async () => {
    for (const kind of kinds) assert.equal(await tryOverflow(kind, 7), false);
  });

  it('tries once, and closes what it opened', async () => {
    const before = openSessions();
    const [first, second] = [tryOverflow('static-int8', 8), tryOverflow('static-int8', 8)];
    assert.equal(first, second);
    await first;
    assert.equal(openSessions(), before);
  });

  it('has a trial for every product of a student, whose weights are as large as they can be', () => {
    for (const kind of kinds) {
      const operators = overflowTrials(kind, 8).flatMap(({ model }) => model.graph!.node.map(({ opType }) => opType));
      const products = operators.filter((name) => /Conv|MatMul|Gemm/.test(name));
      assert.deepEqual(
        products,
        kind === 'static-int8' ? ['Conv', 'Gemm', 'MatMul'] : ['ConvInteger', 'MatMulInteger', 'MatMulInteger'],
      );
    }
  });

  it('tells an overflow from rounding', () => {
    const exact = 16_320;
    assert.equal(hasOverflown(Float32Array.of(exact, exact * 0.99), { exact }), false);
    assert.equal(hasOverflown(Float32Array.of(exact, exact * 0.506), { exact }), true);
    assert.equal(hasOverflown(Float32Array.of(NaN), { exact }), true);
  });
});

describe('tellWeightBits', () => {
  function modelOf(operator: 'Conv' | 'MatMul') {
    const graph = new Graph();
    const isConvolution = operator === 'Conv';
    const input = graph.input('input', 'float32', isConvolution ? ['batch', 2, 4, 4] : ['batch', 2]);
    const weight = graph.initializer('w', floatTensor([1, 2, 3, 4], isConvolution ? [2, 2, 1, 1] : [2, 2]));
    graph.output(graph.op(operator, [input, weight]), 'output');
    return exportModel(graph, { name: 'student' });
  }

  function told(kind: IntegerKind, model: ReturnType<typeof modelOf>, asked: boolean) {
    const events: RunEvent[] = [];
    const chosen = { bits: 8, reason: asked ? 'asked' : 'processor-exact', overflows: asked } as const;
    const weights = tellWeightBits(kind, model, chosen, { onEvent: (event) => events.push(event) });
    return { weights, events };
  }

  it('says in the log how weights are written, and which processors the file suits', () => {
    const { weights, events } = told('dynamic-int8', quantizeDynamically(modelOf('MatMul')), false);
    assert.deepEqual(weights, { bits: 8, reason: 'processor-exact' });
    assert.equal(events.length, 1);
    assert.match(JSON.stringify(events), /Dynamic int8: weights take 8 bits, .*exactly.*x86 processors without VNNI/);
  });

  it('warns where what was asked for overflows here', () => {
    const quantized = quantizeStatically(modelOf('MatMul'), new Map([['input', { low: 0, high: 1 }]]));
    const { weights, events } = told('static-int8', quantized, true);
    assert.deepEqual(weights, { bits: 8, reason: 'asked' });
    const warning = events.find((event) => event.kind === 'warning');
    assert.match(warning!.problem.message, /8-bit weights overflow on this processor/);
    assert.match(warning!.problem.hint!, /'auto' or 'reduced'/);
  });

  it('warns of nothing where the weights of convolutions have no sign', () => {
    const { weights, events } = told('dynamic-int8', quantizeDynamically(modelOf('Conv')), true);
    assert.deepEqual(weights, { bits: 8, reason: 'unsigned' });
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['phase'],
    );
  });

  it('says nothing of a model in which nothing could be quantised', () => {
    const { weights, events } = told('static-int8', modelOf('MatMul'), false);
    assert.equal(weights, null);
    assert.deepEqual(events, []);
  });
});
