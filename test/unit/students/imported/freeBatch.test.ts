import assert from 'node:assert/strict';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { int, text } from '../../../../src/onnx/graph.ts';
import type { ModelProto } from '../../../../src/onnx/onnx_pb.ts';
import { elementCount, floatTensor, intTensor, type Tensor } from '../../../../src/onnx/tensor.ts';
import { InferenceSession, Tensor as RuntimeTensor } from '../../../../src/platform/onnxRuntime.ts';
import { freeBatch } from '../../../../src/students/imported/freeBatch.ts';
import { storedModel, type StoredNodeText } from '../../../support/storedModel.ts';

interface Case {
  readonly title: string;
  readonly sample: readonly number[];
  readonly initializers: Readonly<Record<string, Tensor>>;
  readonly nodes: readonly StoredNodeText[];
}

const counted = (shape: readonly number[], size: number): Tensor => ({
  type: 'int64',
  shape,
  data: BigInt64Array.from({ length: elementCount(shape) }, (_, at) => BigInt((at * 7) % size)),
});
const zeros = (...shape: number[]): Tensor => floatTensor(new Float32Array(elementCount(shape)), shape);

const cases: readonly Case[] = [
  {
    title: 'zeros that are scattered over, and places that are gathered and scattered to',
    sample: [4, 2],
    initializers: { from: counted([1, 6, 2], 4), to: counted([1, 6, 2], 5), zeros: zeros(1, 5, 2) },
    nodes: [
      ['GatherElements', 'x from', 'taken', { axis: int(1) }],
      ['ScatterElements', 'zeros to taken', 'y', { axis: int(1), reduction: text('add') }],
    ],
  },
  {
    title: 'zeros whose batch comes second',
    sample: [4, 2],
    initializers: { zeros: zeros(5, 1, 2), places: counted([4, 1], 5) },
    nodes: [
      ['Transpose', 'x', 'turned', { perm: { kind: 'ints', value: [1, 0, 2] } }],
      ['ScatterND', 'zeros places turned', 'sum', { reduction: text('add') }],
      ['Transpose', 'sum', 'y', { perm: { kind: 'ints', value: [1, 0, 2] } }],
    ],
  },
  {
    title: 'sizes that an image is brought to',
    sample: [2, 3, 3],
    initializers: { sizes: intTensor([1, 2, 6, 5]) },
    nodes: [['Resize', 'x - - sizes', 'y', { mode: text('nearest') }]],
  },
];

function fixed({ sample, initializers, nodes }: Case): ModelProto {
  return storedModel(18, { inputs: { x: [1, ...sample] }, initializers, nodes, outputs: ['y'] });
}

async function run(model: ModelProto, rows: readonly Float32Array[], sample: readonly number[]): Promise<number[]> {
  const session = await InferenceSession.create(encodeModel(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const data = Float32Array.from(rows.flatMap((row) => [...row]));
    const { y } = await session.run({ x: new RuntimeTensor('float32', data, [rows.length, ...sample]) });
    return [...(y!.data as Float32Array)];
  } finally {
    await session.release();
  }
}

describe('a batch that is freed', () => {
  for (const each of cases) {
    it(`gives every sample what it got alone: ${each.title}`, async () => {
      const { sample } = each;
      const rows = [0, 1, 2].map((row) =>
        Float32Array.from({ length: elementCount(sample) }, (_, at) => Math.sin(3 * row + at)),
      );
      const alone: number[] = [];
      for (const row of rows) alone.push(...(await run(fixed(each), [row], sample)));
      assert.deepEqual(await run(freeBatch(fixed(each)), rows, sample), alone);
    });
  }

  it('is refused where samples are picked by their number, which is right for one batch alone', () => {
    const initializers = {
      first: intTensor(0),
      places: counted([1, 3, 2], 1),
      end: intTensor([1]),
      start: intTensor([0]),
    };
    const picks: readonly StoredNodeText[] = [
      ['Gather', 'x first', 'y', { axis: int(0) }],
      ['GatherND', 'x places', 'y'],
      ['Slice', 'x start end', 'y'],
    ];
    for (const node of picks) {
      assert.throws(
        () => freeBatch(fixed({ title: '', sample: [4, 2], initializers, nodes: [node] })),
        /'node0' \((?:Gather|GatherND|Slice)\) picks samples of the batch by their number/,
      );
    }
  });
});
