import { randomStream } from '../../data/random.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { elementCount, toNumbers } from '../../onnx/tensor.ts';
import { castTo } from '../precision/castTo.ts';

/** An input of a training step that is fed new factors at every step: 0 for what is dropped, 1 / (1 − ratio) for the rest. */
export interface DropoutInput {
  readonly name: string;
  readonly shape: readonly number[];
  /** Share of the elements that is dropped, above 0 and below 1. */
  readonly ratio: number;
}

/** What an ONNX Dropout drops when it does not say. */
const USUAL_RATIO = 0.5;

/** Chances are drawn in units of this share: two of them from one 32-bit word. */
const UNITS = 0x1_0000;

/** The ratio of a Dropout node in the network that trains; 0 where it drops nothing. */
export function dropoutRatio(network: Graph, node: Node): number {
  const [, ratio] = node.inputs;
  if (!ratio) return USUAL_RATIO;
  const contents = network.initializers.get(ratio.name) ?? network.known.get(ratio.name);
  return contents ? (toNumbers(contents)[0] ?? USUAL_RATIO) : USUAL_RATIO;
}

/**
 * Builds dropout as it is trained (Srivastava et al., JMLR 15, 2014): a product with factors that the host draws. ONNX
 * Runtime's own random numbers go on from where its session stood, which nobody can store; these follow from seed and
 * step alone.
 *
 * @param number of the node among those of the network that drop something
 */
export function buildTrainedDropout(
  graph: Graph,
  value: Value,
  ratio: number,
  number: number,
): { readonly output: Value; readonly input: DropoutInput } {
  const shape = dimensionsOf(value);
  const input = { name: `dropout.${number}`, shape, ratio };
  const factors = castTo(graph, graph.input(input.name, 'float32', shape), value.type);
  return { output: graph.op('Mul', [value, factors]), input };
}

/** Draws the factors of every step, which can be done while the steps before it run. */
export class DropoutFactors {
  readonly #inputs: readonly DropoutInput[];
  readonly #seed: number;
  /** What is drawn already, by step. */
  readonly #drawn = new Map<number, Buffers>();
  readonly #spare: Buffers[] = [];

  constructor(inputs: readonly DropoutInput[], seed: number) {
    this.#inputs = inputs;
    this.#seed = seed;
  }

  /** Bytes of the factors of one step. */
  get stepBytes(): number {
    return this.#inputs.reduce((bytes, { shape }) => bytes + 4 * elementCount(shape), 0);
  }

  /** The factors of a step by the names of the inputs; they stay until the step is forgotten. */
  at(step: number): Buffers {
    const drawn = this.#drawn.get(step);
    if (drawn) return drawn;
    const buffers =
      this.#spare.pop() ??
      Object.fromEntries(this.#inputs.map(({ name, shape }) => [name, new Float32Array(elementCount(shape))]));
    for (const { name, ratio } of this.#inputs) {
      const target = buffers[name];
      if (target) drawFactors(target, ratio, this.#seed, `${name}/${step}`);
    }
    this.#drawn.set(step, buffers);
    return buffers;
  }

  /** Uses the memory of the steps before this one again. */
  forgetBefore(step: number): void {
    for (const [drawn, buffers] of this.#drawn) {
      if (drawn >= step) continue;
      this.#drawn.delete(drawn);
      this.#spare.push(buffers);
    }
  }
}

type Buffers = Readonly<Record<string, Float32Array>>;

function drawFactors(target: Float32Array, ratio: number, seed: number, label: string): void {
  const words = new Uint32Array(Math.ceil(target.length / 2));
  randomStream(seed, label).fillWords(words);
  const dropped = Math.min(UNITS - 1, Math.round(ratio * UNITS));
  const kept = UNITS / (UNITS - dropped);
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? 0;
    target[2 * index] = (word & 0xffff) >= dropped ? kept : 0;
    // Past the end of an odd array this writes nothing.
    target[2 * index + 1] = word >>> 16 >= dropped ? kept : 0;
  }
}
