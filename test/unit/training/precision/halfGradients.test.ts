import assert from 'node:assert/strict';
import { decodeFloat16Array, encodeFloat16Array } from '../../../../src/onnx/float16.ts';
import { floatData, floatTensor } from '../../../../src/onnx/tensor.ts';
import { DropoutFactors } from '../../../../src/training/step/dropout.ts';
import { chooseOptimizer } from '../../../../src/training/optimizers/chooseOptimizer.ts';
import { describeState } from '../../../../src/training/step/parameters.ts';
import type { LossScaleOptions } from '../../../../src/training/precision/lossScale.ts';
import { buildTrainingStep, type TrainingStep } from '../../../../src/training/step/trainingStep.ts';
import { smallTasks, type SmallTask } from '../../../support/halfNetworks.ts';
import { StepSession } from '../../../support/stepSession.ts';

const batchSize = 8;
/** Moves the weights by their gradients. */
const optimizer = chooseOptimizer({ optimizer: 'sgd', momentum: 0 });
const scale: LossScaleOptions = { initial: 2 ** 8, growthInterval: 2000 };

/**
 * How far the gradients of half precision may be from those of float32, in units of what rounding the weights alone to float16 does to
 * the latter: networks with batch normalisation over few samples make much of little. The most seen is 2.2.
 */
const TOLERANCE = 4;

function stepOf(
  { student, trainingTask }: SmallTask,
  halfPrecision?: LossScaleOptions,
  recomputeSegments?: number,
): TrainingStep {
  const state = describeState(student);
  return buildTrainingStep({ student, state, ...trainingTask, optimizer, batchSize, halfPrecision, recomputeSegments });
}

interface Gradients {
  readonly loss: number;
  /** Of all weights together. */
  readonly gradient: readonly number[];
}

async function gradientsOf(small: SmallTask, step: TrainingStep): Promise<Gradients> {
  const dropout = new DropoutFactors(step.dropouts, 0);
  const session = await StepSession.open(step);
  try {
    const before = session.state;
    const batch = { ...small.batch(1, batchSize), ...dropout.at(1) };
    const loss = await session.run(batch, optimizer.scalarsAt({ learningRate: 1, step: 1 }));
    const vectors = [...before].filter(([name]) => name.startsWith('parameters'));
    const gradient = vectors.flatMap(([name, weights]) => {
      const after = session.state.get(name)!;
      return Array.from(weights, (weight, index) => weight - after[index]!);
    });
    return { loss, gradient };
  } finally {
    await session.dispose();
  }
}

/** ‖a − b‖ / ‖b‖. */
function difference(a: readonly number[], b: readonly number[]): number {
  const norm = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  return norm(a.map((value, index) => value - b[index]!)) / norm(b);
}

/** The same network with weights that float16 holds exactly. */
function roundWeights({ student, ...rest }: SmallTask): SmallTask {
  for (const [name, tensor] of student.initializers) {
    if (tensor.type !== 'float32') continue;
    const rounded = decodeFloat16Array(encodeFloat16Array(floatData(tensor)));
    student.initializers.set(name, floatTensor(rounded, tensor.shape));
  }
  return { student, ...rest };
}

/** The operators that give float16, and those that give float32. */
function operatorsOf({ graph }: TrainingStep, type: string): Set<string> {
  return new Set(graph.nodes.filter(({ outputs }) => outputs[0]?.type === type).map(({ operator }) => operator));
}

describe('training in half precision', function () {
  for (const small of smallTasks()) {
    it(`gives the gradients of float32, but for rounding (${small.title})`, async () => {
      const single = await gradientsOf(small, stepOf(small));
      const half = await gradientsOf(small, stepOf(small, scale));
      const rounded = await gradientsOf(small, stepOf(roundWeights(small)));
      const [own, unavoidable] = [half, rounded].map(({ gradient }) => difference(gradient, single.gradient));
      assert.ok(unavoidable! > 1e-5 && unavoidable! < 0.02, `rounding the weights makes ${unavoidable}`);
      assert.ok(own! > 1e-5, 'nothing was rounded');
      assert.ok(own! < TOLERANCE * unavoidable!, `${own} where rounding the weights makes ${unavoidable}`);
      assert.ok(Math.abs(half.loss - single.loss) < 2e-3 * single.loss);
    });
  }

  it('multiplies in float16, and normalises, sums and takes exponentials in float32', () => {
    const steps = smallTasks().map((small) => stepOf(small, scale));
    const half = new Set(steps.flatMap((step) => [...operatorsOf(step, 'float16')]));
    const single = new Set(steps.flatMap((step) => [...operatorsOf(step, 'float32')]));
    for (const operator of ['MatMul', 'Gemm', 'Conv', 'ConvTranspose']) {
      assert.ok(half.has(operator) && !single.has(operator), operator);
    }
    for (const operator of ['Softmax', 'LayerNormalization', 'BatchNormalization', 'GlobalAveragePool', 'Sqrt']) {
      assert.ok(single.has(operator) && !half.has(operator), operator);
    }
  });

  it('keeps weights, state and losses in float32, and casts each weight once', () => {
    for (const small of smallTasks()) {
      const { graph } = stepOf(small, scale);
      for (const value of [...graph.inputs, ...graph.outputs]) assert.equal(value.type, 'float32', value.name);
      const weights = new Set(
        describeState(small.student).trained.flatMap(({ slots }) => slots.map(({ name }) => `student.${name}`)),
      );
      const cast = graph.nodes.filter(({ operator }) => operator === 'Cast').map(({ inputs }) => inputs[0]!.name);
      const ofWeights = cast.filter((name) => weights.has(name));
      assert.equal(new Set(ofWeights).size, ofWeights.length, small.title);
      assert.ok(ofWeights.length > 0, small.title);
    }
  });

  it('is the same when activations are computed again', async () => {
    const [, , resnet] = smallTasks();
    const kept = await gradientsOf(resnet!, stepOf(resnet!, scale));
    const again = await gradientsOf(resnet!, stepOf(resnet!, scale, 4));
    assert.ok(difference(again.gradient, kept.gradient) < 1e-6);
  });
});
