import assert from 'node:assert/strict';
import { join } from 'node:path';
import { shuffledBatches } from '../../../src/data/batches.ts';
import { FloatSamples } from '../../../src/data/samples/floatSamples.ts';
import { randomStream } from '../../../src/data/random.ts';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../src/onnx/file.ts';
import { Graph, int } from '../../../src/onnx/graph.ts';
import type { Outputs } from '../../../src/teacher/cache/outputsFile.ts';
import { RecordedOutputs, type RecordedOutputsOptions } from '../../../src/teacher/recordedOutputs.ts';
import { HeldTables } from '../../../src/teacher/rowTables.ts';
import { loadNetwork, openNetwork, type NetworkFile } from '../../../src/training/engines/networkFile.ts';
import { openSessions } from '../../../src/training/engines/session.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';

const COUNT = 53;
const WIDTH = 3;
const BATCH = 8;

describe('RecordedOutputs', () => {
  const random = randomStream(0, 'samples');
  const values = Float32Array.from({ length: COUNT * WIDTH }, () => random.uniform());
  let reads = 0;
  const split = new (class extends FloatSamples {
    override read(indices: ArrayLike<number>, target: Float32Array): Promise<void> {
      reads++;
      return super.read(indices, target);
    }
  })(values, { kind: 'none' }, COUNT);
  let folder: string;
  let alone: NetworkFile;
  let together: NetworkFile;

  before(async () => {
    folder = temporaryFolder();
    const network = async (name: string, build: (graph: Graph) => void): Promise<NetworkFile> => {
      const graph = new Graph();
      build(graph);
      await saveModel(join(folder, name), exportModel(graph, { name: 'teacher' }));
      return loadNetwork(join(folder, name), { sampleShape: [WIDTH] });
    };
    alone = await network('alone.onnx', (graph) => {
      const samples = graph.input('samples', 'float32', ['batch', WIDTH]);
      graph.outputs.push(graph.op('Mul', [samples, graph.scalar(2)]));
    });
    // What it says of a sample depends on the batch, as it does where activations are quantised.
    together = await network('together.onnx', (graph) => {
      const samples = graph.input('samples', 'float32', ['batch', WIDTH]);
      const mean = graph.op('ReduceMean', [samples, graph.integers([0])], { keepdims: int(1) });
      graph.outputs.push(graph.op('Sub', [samples, mean]));
    });
  });
  after(() => {
    removeFolder(folder);
    assert.equal(openSessions(), 0, 'a session was not released');
  });

  const epochs = (batchSize: number): Int32Array[][] => {
    const order = randomStream(3, 'order');
    return [1, 2].map(() => [...shuffledBatches(COUNT, batchSize, order)]);
  };
  const rowsOf = (table: Float32Array, indices: ArrayLike<number>): Float32Array =>
    Float32Array.from({ length: indices.length * WIDTH }, (_, position) => {
      return table[(indices[Math.floor(position / WIDTH)] ?? 0) * WIDTH + (position % WIDTH)]!;
    });

  interface Recording {
    readonly recorded: RecordedOutputs;
    readonly whole: Outputs[];
    readonly ask: (indices: Int32Array) => Promise<Float32Array>;
  }

  /** @param most samples that the teacher takes at once */
  function record(teacher: NetworkFile, most: number, change: Partial<RecordedOutputsOptions> = {}): Recording {
    const whole: Outputs[] = [];
    const recorded = new RecordedOutputs({
      split,
      sampleShape: [WIDTH],
      batches: () => epochs(BATCH)[0] ?? [],
      open: () =>
        openNetwork(teacher, { device: 'cpu', samples: { kind: 'values' }, sampleShape: [WIDTH], batchSize: most }),
      keep: (outputs) => outputs,
      tables: new HeldTables(COUNT, (outputs) => {
        whole.push(outputs);
        return Promise.resolve();
      }),
      onUnwritable: (error) => assert.fail(String(error)),
      signal: new AbortController().signal,
      onProgress: () => assert.fail('nothing is to be caught up on'),
      ...change,
    });
    const ask = async (indices: Int32Array): Promise<Float32Array> => {
      const outputs = await recorded.outputsFor({ indices, samples: rowsOf(values, indices), epoch: 1 });
      return outputs.get(teacher.output)!;
    };
    return { recorded, whole, ask };
  }

  for (const most of [BATCH, 3, 1]) {
    it(`gives every sample what the teacher says of it, which is asked for ${most} samples at a time`, async () => {
      const { ask, whole, recorded } = record(alone, most);
      const doubled = values.map((value) => value * 2);
      const [first = [], second = []] = epochs(BATCH);
      for (const batch of first) {
        assert.deepEqual(whole, []);
        assert.deepEqual(await ask(batch), rowsOf(doubled, batch));
      }
      assert.equal(openSessions(), 0, 'the teacher is closed as soon as everything is known');
      assert.deepEqual(
        whole.map((outputs) => [...outputs.values()]),
        [[doubled]],
      );
      for (const batch of second) assert.deepEqual(await ask(batch), rowsOf(doubled, batch));
      await recorded.dispose();
    });
  }

  it('takes the samples of the first epoch as they are given and reads only those that the epoch leaves out', async () => {
    const { ask } = record(alone, BATCH);
    reads = 0;
    for (const batch of epochs(BATCH).flat()) await ask(batch);
    assert.equal(reads, 1);
  });

  it('tells a training that goes on in the middle of an epoch the very same, though the teacher looks at whole batches', async () => {
    const whole = record(together, BATCH);
    const [first = [], second = []] = epochs(BATCH);
    const told: Float32Array[] = [];
    for (const batch of [...first, ...second]) told.push(await whole.ask(batch));
    for (const done of [1, 4, first.length, first.length + 2]) {
      const progress: [number, number][] = [];
      const resumed = record(together, BATCH, { onProgress: (at, total) => progress.push([at, total]) });
      for (const [index, batch] of [...first, ...second].entries()) {
        if (index >= done) assert.deepEqual(await resumed.ask(batch), told[index], `batch ${index} after ${done}`);
      }
      assert.deepEqual(resumed.whole, whole.whole);
      const [latest = [0, 1]] = progress.slice(-1);
      assert.equal(latest[0], latest[1]);
      await resumed.recorded.dispose();
    }
  });

  it('knows samples that come several times in the one batch of a small split', async () => {
    const [batches = []] = epochs(80);
    const { ask, whole } = record(alone, 32, { batches: () => batches });
    const [batch = new Int32Array(0)] = batches;
    assert.equal(batch.length, 80);
    assert.deepEqual(
      await ask(batch),
      rowsOf(
        values.map((value) => value * 2),
        batch,
      ),
    );
    assert.equal(whole.length, 1);
  });

  it('rounds at once, so that the first epoch sees what a file would give back', async () => {
    const keep = (outputs: Outputs): Outputs =>
      new Map([...outputs].map(([name, rows]) => [name, rows.map((value) => Math.round(value))]));
    const { ask, recorded } = record(alone, BATCH, { keep });
    const [batch = new Int32Array(0)] = epochs(BATCH)[0] ?? [];
    assert.deepEqual(
      await ask(batch),
      rowsOf(values, batch).map((value) => Math.round(value * 2)),
    );
    await recorded.dispose();
  });

  it('asks at every step from when on the tables cannot be written', async () => {
    const tables = new HeldTables(COUNT, () => Promise.resolve());
    let writes = 0;
    const complaints: unknown[] = [];
    const { ask, recorded } = record(alone, BATCH, {
      tables: {
        write: (indices, rows) => (++writes > 2 ? Promise.reject(new Error('full')) : tables.write(indices, rows)),
        read: (indices) => tables.read(indices),
        finish: () => assert.fail('not all was written'),
        announce: () => undefined,
        dispose: () => tables.dispose(),
      },
      onUnwritable: (error) => complaints.push(error),
    });
    const doubled = values.map((value) => value * 2);
    for (const batch of epochs(BATCH).flat()) assert.deepEqual(await ask(batch), rowsOf(doubled, batch));
    assert.deepEqual([writes, complaints.length], [3, 1]);
    await recorded.dispose();
  });

  it('stops when it is told to while it catches up', async () => {
    const { ask, recorded } = record(alone, BATCH, { signal: AbortSignal.abort() });
    const [first = [], second = []] = epochs(BATCH);
    await ask(first[0]!);
    await assert.rejects(ask(second[0]!), { code: 'CANCELLED' });
    await recorded.dispose();
  });
});
