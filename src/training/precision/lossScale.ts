import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { floatTensor, type FloatTensor } from '../../onnx/tensor.ts';

/** How the scale of the loss changes from step to step. */
export interface LossScaleOptions {
  /** The scale of the first step. */
  readonly initial: number;
  /** After this many good steps in a row the scale doubles. */
  readonly growthInterval: number;
}

/** The values of PyTorch's GradScaler. */
export const usualLossScale: LossScaleOptions = { initial: 2 ** 16, growthInterval: 2000 };

/** The largest scale: twice that would be infinite. */
const LARGEST_SCALE = 2 ** 127;

/** The largest finite float32; neither infinity nor NaN is less than or equal to it. */
const LARGEST_FLOAT = 3.4028234663852886e38;

/** One part of the scale's state, [1]: its input, what it is after the step, and at the start. */
export interface ScaleState {
  readonly name: string;
  readonly next: Value;
  readonly initial: FloatTensor;
}

/**
 * Dynamic loss scaling (Micikevicius et al., arXiv 1710.03740, section 3.2): the loss is multiplied by a scale, so that gradients do not
 * vanish in float16. A step whose gradients are not all finite is not taken and halves the scale; enough good steps in a row double it.
 * The scale is part of the training's state, so that the host never has to read it.
 *
 * The host does not know which steps are left out, so that schedules and the optimizer's count of steps go on. Adam, AdamW and LAMB correct
 * their moments for the start at 0 by that count: where steps are left out at the very start, before the scale has come down, the first
 * one that is taken moves weights less than it would have, by 0.74 after one and 0.58 after three. SGD and Lion do not count.
 */
export class LossScale {
  readonly #graph: Graph;
  readonly #options: LossScaleOptions;
  readonly #scale: Value;
  readonly #goodSteps: Value;

  constructor(graph: Graph, options: LossScaleOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#scale = graph.input('lossScale', 'float32', [1]);
    this.#goodSteps = graph.input('lossScale.goodSteps', 'float32', [1]);
  }

  /** The loss, a scalar, times the scale. */
  scaled(loss: Value): Value {
    return this.#graph.op('Mul', [loss, this.#graph.op('Reshape', [this.#scale, this.#graph.integers([])])]);
  }

  /** What has grown with the loss, divided by the scale. */
  unscaled(value: Value): Value {
    return this.#graph.op('Div', [value, this.#scale]);
  }

  /**
   * Whether a step is taken, a boolean.
   * @param norm of all gradients together; it is not finite when one of them is not
   */
  isGood(norm: Value): Value {
    return this.#graph.op('LessOrEqual', [norm, this.#graph.scalar(LARGEST_FLOAT)]);
  }

  /** The scale and the count of good steps in a row, after a step that is good or not. */
  states(isGood: Value): readonly ScaleState[] {
    const graph = this.#graph;
    const choose = (condition: Value, yes: Value, no: Value): Value => graph.op('Where', [condition, yes, no]);
    const { initial, growthInterval } = this.#options;
    const count = graph.op('Add', [this.#goodSteps, graph.scalar(1)]);
    const grows = graph.op('GreaterOrEqual', [count, graph.scalar(growthInterval)]);
    const doubled = graph.op('Min', [graph.op('Mul', [this.#scale, graph.scalar(2)]), graph.scalar(LARGEST_SCALE)]);
    const halved = graph.op('Mul', [this.#scale, graph.scalar(0.5)]);
    const none = graph.floats([0], [1]);
    return [
      {
        name: this.#scale.name,
        next: choose(isGood, choose(grows, doubled, this.#scale), halved),
        initial: floatTensor([initial]),
      },
      {
        name: this.#goodSteps.name,
        next: choose(isGood, choose(grows, none, count), none),
        initial: floatTensor([0]),
      },
    ];
  }
}
