import assert from 'node:assert/strict';
import { join } from 'node:path';
import { saveModel } from '../../../src/onnx/file.ts';
import { int } from '../../../src/onnx/graph.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { floatTensor, intTensor } from '../../../src/onnx/tensor.ts';
import { loadNetwork, openNetwork } from '../../../src/training/engines/networkFile.ts';
import { openSessions } from '../../../src/training/engines/session.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';
import { storedGraph, storedModel, type StoredNodeText } from '../../support/storedModel.ts';
import { classTable, matchToTable } from '../../support/tableTeacher.ts';

/** Scores [batch, 3] that a loop computes which goes on while a condition is true. */
function loopingTeacher(body: readonly StoredNodeText[]): ModelProto {
  return storedModel(21, {
    inputs: { input: ['batch', 2] },
    initializers: {
      weight: floatTensor([1, 0, 0, 0, 1, 0], [2, 3]),
      yes: { type: 'bool', shape: [], data: Uint8Array.of(1) },
      one: floatTensor([1]),
      ten: floatTensor([10]),
      first: intTensor([1]),
      axes: intTensor([0]),
    },
    nodes: [
      ['MatMul', 'input weight', 'begin'],
      [
        'Loop',
        '- yes begin',
        'end',
        {
          body: storedGraph({
            inputs: { round: [], before: [], value: ['n', 3] },
            inputTypes: { round: 'int64', before: 'bool' },
            nodes: body,
            outputs: ['again', 'next'],
            outputTypes: { again: 'bool' },
          }),
        },
      ],
      ['Shape', 'begin', 'shape'],
      ['Slice', 'end axes first axes', 'row'],
      ['Expand', 'row shape', 'said'],
    ],
    outputs: ['said'],
  });
}

describe('a teacher of which nobody knows whether it comes to an end', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
    assert.equal(openSessions(), 0, 'a session was not released');
  });

  it('is refused when it computes for ever', async () => {
    const endless = loopingTeacher([
      ['Identity', 'before', 'again'],
      ['Add', 'value one', 'next'],
    ]);
    await assert.rejects(matchToTable(folder, classTable(40), endless), {
      code: 'UNSUPPORTED',
      message: /teacher\.onnx' was stopped: computing one sample did not come to an end within \d\.\d s\.$/,
    });
  });

  it('is refused when it takes any amount of memory', async () => {
    const growing = loopingTeacher([
      ['Identity', 'before', 'again'],
      ['Concat', 'value value', 'next', { axis: int(0) }],
    ]);
    await assert.rejects(matchToTable(folder, classTable(40), growing), ({ message }: Error) => {
      assert.match(message, /took more than 4\d\d MiB of memory\.$|ONNX Runtime cannot compute/);
      return true;
    });
  });

  it('is stopped at the sample for which it does not end, and asked until then', async () => {
    // Larger sums than ten never get below it.
    const mayEnd = loopingTeacher([
      ['Add', 'value one', 'next'],
      ['ReduceMax', 'next', 'largest', { keepdims: int(0) }],
      ['Greater', 'largest ten', 'large'],
      ['Squeeze', 'large', 'again'],
    ]);
    // A file that declares what the loop gives is one that Distillery reads itself.
    mayEnd.graph?.valueInfo.push(...storedGraph({ inputs: { end: ['batch', 3] }, nodes: [], outputs: [] }).input);
    const path = join(folder, 'mayEnd.onnx');
    await saveModel(path, mayEnd);
    const network = await loadNetwork(path, { sampleShape: [2] });
    const options = { device: 'cpu', samples: { kind: 'values' }, sampleShape: [2], batchSize: 2 } as const;
    const predictor = await openNetwork(network, options);
    try {
      const said = await predictor.run(Float32Array.of(1, 2, 3, 4));
      assert.deepEqual([...(said.get('said') ?? [])], [2, 3, 1, 2, 3, 1]);
      await assert.rejects(predictor.run(Float32Array.of(1, 2, 30, 4)), /computing 2 samples did not come to an end/);
      await assert.rejects(predictor.run(Float32Array.of(1, 2, 3, 4)), /did not come to an end/);
    } finally {
      await predictor.dispose();
    }
  });
});
