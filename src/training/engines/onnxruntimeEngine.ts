import type { Split } from '../../data/samples/split.ts';
import { floatTensor, type FloatTensor } from '../../onnx/tensor.ts';
import { isUpdateAt, updateOf } from '../step/accumulation.ts';
import { DropoutFactors } from '../step/dropout.ts';
import { chooseOptimizer } from '../optimizers/chooseOptimizer.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { describeState, unpackGroup, type NetworkState } from '../step/parameters.ts';
import { lossScaleOf } from '../precision/trainingPrecision.ts';
import { buildForwardPass, buildTrainingStep } from '../step/trainingStep.ts';
import { averageRateAt } from '../step/weightAverage.ts';
import { precisionOn } from './bfloat16Products.ts';
import type { EngineOptions, EngineStep, Losses, TrainingEngine } from './engine.ts';
import { OnnxRuntimeStep } from './onnxruntimeStep.ts';
import { openGraph } from './openGraph.ts';
import { networkOf } from './openedNetwork.ts';
import { Predictor } from './predictor.ts';
import type { SessionShelf } from './sessionShelf.ts';

interface Parts {
  readonly state: NetworkState;
  readonly optimizer: Optimizer;
  readonly averageDecay: number | undefined;
  readonly accumulate: number;
  readonly dropout: DropoutFactors;
  readonly step: OnnxRuntimeStep;
  readonly predictor: Predictor;
}

/** The factors that the steps of a run are fed take no more than this; they are held twice, as the next run's are drawn meanwhile. */
const FACTOR_BYTES = 2 ** 24;

/** The engine that Distillery is made for: the whole step is one ONNX graph. */
export class OnnxRuntimeEngine implements TrainingEngine {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Compiles the training step and the forward pass for the device, or takes them from the shelf. */
  static async open(options: EngineOptions, shelf?: SessionShelf): Promise<OnnxRuntimeEngine> {
    const { graph, samples, sampleShape, predictionBatch, device, averageDecay, accumulate = 1, seed } = options;
    const state = describeState(graph, options.trainable);
    const optimizer = chooseOptimizer(options.optimizer);
    const precision = await precisionOn(device, options.precision ?? 'float32');
    const multipliesInBfloat16 = precision === 'bfloat16';
    const training = buildTrainingStep({
      ...options,
      student: graph,
      state,
      optimizer,
      averages: averageDecay !== undefined,
      halfPrecision: lossScaleOf(precision),
      multipliesInBfloat16,
      // The covariance that such a normalisation is computed from would be rounded.
      joinsNormalizations: device === 'cpu' && !multipliesInBfloat16 && (options.recomputeSegments ?? 1) === 1,
    });
    const dropout = new DropoutFactors(training.dropouts, seed);
    const step = await OnnxRuntimeStep.create(training, device, shelf);
    try {
      const forward = buildForwardPass(graph, state, predictionBatch, options);
      const predictor = new Predictor({
        network: networkOf(await openGraph(forward, { device }, {}, shelf), shelf),
        inputs: [{ name: 'samples', role: 'values', type: 'float32', shape: [] }],
        samples,
        inputShape: [predictionBatch, ...sampleShape],
        outputs: ['logits'],
      });
      return new OnnxRuntimeEngine({ state, optimizer, averageDecay, accumulate, dropout, step, predictor });
    } catch (error) {
      await step.dispose();
      throw error;
    }
  }

  get mostSteps(): number {
    const { step, dropout } = this.#parts;
    return Math.max(1, Math.min(step.mostSteps, Math.floor(FACTOR_BYTES / dropout.stepBytes)));
  }

  get operatorsOnCpu(): readonly string[] {
    return this.#parts.step.operatorsOnCpu;
  }

  async run(steps: readonly EngineStep[]): Promise<void> {
    const { optimizer, averageDecay, accumulate, dropout } = this.#parts;
    const first = steps[0]?.step ?? 0;
    dropout.forgetBefore(first);
    const running = this.#parts.step.run(
      steps.map(({ batch, learningRate, step }) => ({
        batch: { ...batch, ...dropout.at(step) },
        scalars: [
          ...optimizer.scalarsAt({ learningRate, step: updateOf(step, accumulate) }),
          ...(averageDecay === undefined ? [] : [averageRateAt(averageDecay, updateOf(step, accumulate))]),
          ...(accumulate > 1 ? [isUpdateAt(step, accumulate)] : []),
        ],
      })),
    );
    for (let ahead = 0; ahead < steps.length; ahead++) dropout.at(first + steps.length + ahead);
    await running;
  }

  losses(): Promise<Losses[]> {
    return this.#parts.step.losses();
  }

  predict(split: Split, signal: AbortSignal): Promise<Float32Array> {
    return this.#parts.predictor.predict(split, { feeds: this.#parts.step.weightTensors, signal });
  }

  async readWeights(): Promise<ReadonlyMap<string, FloatTensor>> {
    const { state, step } = this.#parts;
    const vectors = await step.readForwardState();
    const groups = [...state.trained, state.statistics];
    return new Map(groups.flatMap((group) => [...unpackGroup(group, vectors.get(group.name) ?? new Float32Array(0))]));
  }

  async readState(): Promise<ReadonlyMap<string, FloatTensor>> {
    const vectors = await this.#parts.step.readState();
    return new Map([...vectors].map(([name, data]) => [name, floatTensor(data.slice())]));
  }

  writeState(state: ReadonlyMap<string, FloatTensor>): void {
    this.#parts.step.writeState(state);
  }

  async dispose(): Promise<void> {
    await this.#parts.predictor.dispose();
    await this.#parts.step.dispose();
  }
}
