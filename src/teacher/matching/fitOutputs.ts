import type { Task } from '../../data/task.ts';
import type { Graph } from '../../onnx/graph.ts';
import { asColumn, isOneNumber, lastComputation } from '../../onnx/oneNumber.ts';
import type { Value } from '../../onnx/node.ts';
import { areProbabilities } from '../outputKind.ts';

/** What is done to the outputs of a network, so that they become what the task asks of it. */
export type OutputFit =
  /** Each class has a probability of its own, as sigmoids give it: log(p / (1 − p)) is its logit. */
  | { readonly kind: 'log-odds' }
  /** One number for two classes: the logit of the second, or its probability. */
  | { readonly kind: 'second-class'; readonly from: 'logit' | 'probability' }
  /** Numbers in the units of the data: value × scale + offset, for each of them. */
  | { readonly kind: 'affine'; readonly scale: readonly number[]; readonly offset: readonly number[] };

/** The smallest normal float32, and the distance of 1 from the next smaller number: what is told from 0 and from 1. */
const [LEAST, LEFT] = [1.17549435e-38, 2 ** -24];

/**
 * What the outputs of a classifier need; undefined where they are logits, or probabilities that sum to 1.
 *
 * @param outputs [samples, width]
 */
export function fitOutputs(task: Task, outputs: Float32Array, width: number): OutputFit | undefined {
  if (task.kind !== 'classification' || outputs.length === 0) return undefined;
  const areShares = outputs.every((value) => value >= 0 && value <= 1);
  if (width === 1 && task.classes.length === 2) {
    return { kind: 'second-class', from: areShares ? 'probability' : 'logit' };
  }
  return areShares && width > 1 && !areProbabilities(outputs, width) ? { kind: 'log-odds' } : undefined;
}

/** How many numbers a sample has afterwards. */
export function widthAfter(fit: OutputFit | undefined, width: number): number {
  return fit?.kind === 'second-class' ? 2 : width;
}

/** What becomes of outputs. @param outputs [samples, width] */
export function changeOutputs(outputs: Float32Array, width: number, fit: OutputFit | undefined): Float32Array {
  switch (fit?.kind) {
    case undefined:
      return outputs;
    case 'log-odds':
      return outputs.map(logOdds);
    case 'second-class': {
      const changed = new Float32Array(outputs.length * 2);
      outputs.forEach((value, sample) => {
        changed[sample * 2 + 1] = fit.from === 'probability' ? logOdds(value) : value;
      });
      return changed;
    }
    case 'affine':
      return outputs.map((value, index) => value * (fit.scale[index % width] ?? 1) + (fit.offset[index % width] ?? 0));
  }
}

/** Adds the same to a graph. @param value [batch, width]; one number may be [batch] */
export function addOutputFit(graph: Graph, value: Value, fit: OutputFit): Value {
  switch (fit.kind) {
    case 'log-odds':
      return addLogOdds(graph, value);
    case 'second-class': {
      const logit = fit.from === 'probability' ? logitOf(graph, value) : value;
      const second = asColumn(graph, logit);
      return graph.op('Concat', [graph.op('Sub', [second, second]), second], { axis: { kind: 'int', value: 1 } });
    }
    case 'affine': {
      const constant = (values: readonly number[]): Value => graph.floats(values, [values.length]);
      return graph.op('Add', [graph.op('Mul', [value, constant(fit.scale)]), constant(fit.offset)]);
    }
  }
}

function logOdds(probability: number): number {
  return Math.log(Math.max(probability, LEAST)) - Math.log(Math.max(1 - probability, LEFT));
}

/** What a sigmoid at the end is made of, or else the log-odds. @param value [batch, 1] or [batch] */
function logitOf(graph: Graph, value: Value): Value {
  const last = lastComputation(graph, value);
  const [logit] = last?.domain === '' && last.operator === 'Sigmoid' ? last.inputs : [];
  return logit && logit.type === 'float32' && isOneNumber(logit) ? logit : addLogOdds(graph, value);
}

function addLogOdds(graph: Graph, value: Value): Value {
  const against = graph.op('Sub', [graph.scalar(1), value]);
  const logarithm = (one: Value, least: number): Value =>
    graph.op('Log', [graph.op('Max', [one, graph.scalar(least)])]);
  return graph.op('Sub', [logarithm(value, LEAST), logarithm(against, LEFT)]);
}
