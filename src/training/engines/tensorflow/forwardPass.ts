import { DistilleryError } from '../../../errors.ts';
import { bindInputs } from '../../../onnx/importing/bindInputs.ts';
import { copyGraph, type Rewrite } from '../../../onnx/copy.ts';
import { Graph } from '../../../onnx/graph.ts';
import { buildTrainedDropout, dropoutRatio, type DropoutInput } from '../../step/dropout.ts';
import type { TrainingTask } from '../../trainingTask.ts';
import { bindSamples, networkInputs } from '../../networkInputs.ts';
import { interpretGraph } from './interpretGraph.ts';
import type { Mode } from './nodeCall.ts';
import { missingOperators } from './operations.ts';
import type { Tensor, TensorFlow } from './tensorflow.ts';

const prefix = 'student.';

/** A student's forward graph with its batch bound, to be computed with TensorFlow's operators. */
export class ForwardPass {
  /** Factors that a training pass is fed. */
  readonly dropouts: DropoutInput[] = [];
  readonly #graph = new Graph();
  readonly #sampleShape: readonly number[];

  constructor(
    student: Graph,
    batchSize: number,
    { samples, sampleShape }: Pick<TrainingTask, 'samples' | 'sampleShape'>,
    mode: Mode['kind'] = 'inference',
  ) {
    const [output] = student.outputs;
    if (!output) throw new DistilleryError('BAD_FILE', 'The student has no output.');
    this.#sampleShape = [batchSize, ...sampleShape];
    const fed = this.#graph.input('samples', 'float32', this.#sampleShape);
    const bindings = bindSamples(this.#graph, networkInputs(student.inputs, samples), fed, samples);
    const copies = copyGraph(this.#graph, bindInputs(student, bindings), {
      bindings,
      prefix,
      ...(mode === 'training' && { rewrite: this.#trainDropout(student) }),
    });
    const logits = copies.get(output.name);
    if (!logits) throw new DistilleryError('INTERNAL', `The copy lost the output '${output.name}'.`);
    this.#graph.output(logits);
  }

  /** Operators of the student that the TensorFlow engine does not have. */
  get missingOperators(): string[] {
    return missingOperators(this.#graph);
  }

  /**
   * The logits of one batch. To be called within `tf.tidy`.
   * @param weights weights and running statistics by the name of their initializer in the student
   */
  compute(tf: TensorFlow, samples: Float32Array, weights: ReadonlyMap<string, Tensor>, training?: Training): Tensor {
    const given = new Map([...weights].map(([name, weight]) => [prefix + name, weight]));
    given.set('samples', tf.tensor(samples.slice(), [...this.#sampleShape], 'float32'));
    for (const { name, shape } of this.dropouts) {
      const factors = training?.factors[name];
      if (factors) given.set(name, tf.tensor(factors.slice(), [...shape], 'float32'));
    }
    if (!training) return interpretGraph(tf, this.#graph, given, { kind: 'inference' });
    const mode: Mode = {
      kind: 'training',
      moving: new Set([...training.moving].map((name) => prefix + name)),
      moved: (name, tensor) => {
        training.moved.set(name.slice(prefix.length), tf.keep(tensor));
      },
    };
    return interpretGraph(tf, this.#graph, given, mode);
  }

  #trainDropout(student: Graph): Rewrite {
    return (node, [input]) => {
      if (node.operator !== 'Dropout' || !input) return undefined;
      const ratio = dropoutRatio(student, node);
      if (ratio === 0) return [input];
      const dropped = buildTrainedDropout(this.#graph, input, ratio, this.dropouts.length);
      this.dropouts.push(dropped.input);
      return [dropped.output];
    };
  }
}

/**
 * What a step of training adds to a forward pass: dropout's factors, and the running statistics that move; afterwards `moved`
 * holds what they became, to be disposed of.
 */
export interface Training {
  readonly factors: Readonly<Record<string, Float32Array>>;
  readonly moving: ReadonlySet<string>;
  readonly moved: Map<string, Tensor>;
}
