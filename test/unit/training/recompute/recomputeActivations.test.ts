import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { dimensionsOf, type Graph } from '../../../../src/onnx/graph.ts';
import { elementCount } from '../../../../src/onnx/tensor.ts';
import { buildStudent, type Architecture } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { OnnxRuntimeStep } from '../../../../src/training/engines/onnxruntimeStep.ts';
import { lowerGraph } from '../../../../src/training/lowering/lowerGraph.ts';
import { chooseOptimizer } from '../../../../src/training/optimizers/chooseOptimizer.ts';
import { describeState } from '../../../../src/training/step/parameters.ts';
import { recomputeActivations } from '../../../../src/training/recompute/recomputeActivations.ts';
import { buildTrainingStep, type TrainingStep } from '../../../../src/training/step/trainingStep.ts';
import { computeInOrder } from '../../../support/computedOrder.ts';

const batchSize = 8;
const sampleShape = [3, 16, 16];
const classes = 4;
const optimizer = chooseOptimizer({ optimizer: 'adam', momentum: 0 });
const convnet: Architecture = {
  architecture: 'convnet',
  channels: [16, 16, 16],
  hidden: [32],
  batchNormalization: true,
};

function stepOf(architecture: Architecture, recomputeSegments?: number): TrainingStep {
  const student = buildStudent(architecture, classifierForm(sampleShape, classes), randomStream(0, 'weights'));
  return buildTrainingStep({
    student,
    state: describeState(student),
    objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    optimizer,
    batchSize,
    recomputeSegments,
    task: 'classification',
    samples: { kind: 'values' },
    sampleShape,
    outputShape: [classes],
  });
}

/** Losses of a few steps, then the state after them. */
async function train(step: TrainingStep): Promise<number[]> {
  const random = randomStream(1, 'samples');
  const runtime = await OnnxRuntimeStep.create(step, 'cpu');
  const numbers: number[] = [];
  try {
    for (let number = 1; number <= 4; number++) {
      const samples = Float32Array.from({ length: batchSize * elementCount(sampleShape) }, () => random.normal());
      const labels = new Float32Array(batchSize * classes);
      for (let row = 0; row < batchSize; row++) labels[row * classes + (row % classes)] = 1;
      await runtime.run([
        { batch: { samples, labels }, scalars: optimizer.scalarsAt({ learningRate: 0.01, step: number }) },
      ]);
      numbers.push((await runtime.losses())[0]?.['total'] ?? NaN);
    }
    return [...(await runtime.readState()).values()].reduce<number[]>(
      (all, data) => all.concat(Array.from(data)),
      numbers,
    );
  } finally {
    await runtime.dispose();
  }
}

/** Most elements that are alive at once when the nodes run in their order and values live until they were read last. */
function peakElements(graph: Graph): number {
  const views = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Identity']);
  const stored = new Map<string, string>();
  const lastRead = new Map<string, number>();
  graph.nodes.forEach((node, index) => {
    const [input] = node.inputs;
    const [output] = node.outputs;
    if (views.has(node.operator) && input && output) stored.set(output.name, stored.get(input.name) ?? input.name);
    for (const read of node.inputs) if (read) lastRead.set(stored.get(read.name) ?? read.name, index);
  });
  let alive = 0;
  let peak = 0;
  const freed = new Map<number, number>();
  graph.nodes.forEach((node, index) => {
    for (const output of node.outputs) {
      if (!output || stored.has(output.name)) continue;
      const size = elementCount(dimensionsOf(output));
      const last = lastRead.get(output.name) ?? index;
      alive += size;
      freed.set(last, (freed.get(last) ?? 0) + size);
    }
    peak = Math.max(peak, alive);
    alive -= freed.get(index) ?? 0;
  });
  return peak;
}

describe('recomputeActivations', () => {
  const architectures: readonly Architecture[] = [
    convnet,
    { architecture: 'resnet', depth: 8, width: 1 },
    { architecture: 'mlp', hidden: [1024, 512] },
  ];
  for (const architecture of architectures) {
    it(`trains a network (${architecture.architecture}) as if everything were kept`, async () => {
      const kept = await train(stepOf(architecture));
      for (const segments of [2, 5]) {
        const again = await train(stepOf(architecture, segments));
        assert.equal(again.length, kept.length);
        again.forEach((value, index) => {
          assert.ok(Math.abs(value - kept[index]!) <= 1e-6 * (1 + Math.abs(kept[index]!)), `${value} ${kept[index]}`);
        });
      }
    });
  }

  it('keeps less at once', () => {
    const { graph, recompute } = stepOf({ architecture: 'mobilenetv2', width: 0.5 }, 4);
    assert.ok(recompute);
    const lowered = lowerGraph(graph, 16);
    const before = peakElements(lowered);
    const peaks = [2, 4, 8].map((segments) => peakElements(recomputeActivations(lowered, { ...recompute, segments })));
    const told = `${before}, then ${peaks.join(', ')}`;
    peaks.forEach((peak, index) => {
      assert.ok(peak < (peaks[index - 1] ?? before), told);
    });
    assert.ok((peaks.at(-1) ?? before) < 0.5 * before, told);
  });

  it('has ONNX Runtime compute again what was forgotten, and not merge it with the first time', async () => {
    const { graph, recompute } = stepOf({ architecture: 'resnet', depth: 8, width: 1 }, 4);
    assert.ok(recompute);
    const again = recomputeActivations(graph, recompute);
    const written = again.nodes.filter(({ operator }) => operator === 'Conv').length;
    assert.ok(written > graph.nodes.filter(({ operator }) => operator === 'Conv').length);
    const { order } = await computeInOrder(again, () => 0.5);
    assert.equal(order.filter((operator) => operator === 'Conv').length, written);
  });

  it('does nothing where there is nothing large to forget', () => {
    const { graph, recompute } = stepOf({ architecture: 'mlp', hidden: [] }, 4);
    assert.ok(recompute);
    assert.equal(recomputeActivations(graph, recompute), graph);
  });

  it('is asked for', () => {
    assert.equal(stepOf(convnet).recompute, undefined);
    assert.equal(stepOf(convnet, 3).recompute?.segments, 3);
  });
});
