import { DistilleryError } from '../../errors.ts';
import { intOf } from '../../onnx/attributes.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import { asColumn, isOneNumber, lastComputation } from '../../onnx/oneNumber.ts';
import type { Node, Value } from '../../onnx/node.ts';
import type { GraphProto } from '../../onnx/onnx_pb.ts';
import type { OutputForm } from '../networkForm.ts';

/** What turns logits into what the file gives: operators that make probabilities or their logarithms, or one number for two classes. */
export type ClassifierEnding = 'Softmax' | 'LogSoftmax' | 'Sigmoid' | SecondClass;

/** The file gives one number for each sample, that of the second of two classes. */
export interface SecondClass {
  readonly kind: 'second-class';
  readonly from: 'logit' | 'probability';
  /** Whether the file gives it as [batch, 1], not as [batch]. */
  readonly isColumn: boolean;
}

/** The logits of a classifier, and what its file makes of them at its end. */
export interface Logits {
  readonly value: Value;
  readonly ending?: ClassifierEnding;
  /** What is assumed where ending and task do not belong together. */
  readonly note?: string;
}

/** Operators whose results cannot be logits, nor be turned back into them. */
const BOUNDED: ReadonlySet<string> = new Set(['HardSigmoid', 'Hardmax']);

/**
 * The value that a network is trained on: its output or, where that is made of logits by a softmax or sigmoids, the logits. One
 * number for two classes becomes their logits. Outputs that are no classes are taken as they are.
 *
 * @throws DistilleryError `UNSUPPORTED` when the end of the network does not suit the classes
 */
export function logitsOf(graph: Graph, output: Value, form: OutputForm | undefined): Logits {
  if (form?.kind === 'values') return { value: output };
  const last = lastComputation(graph, output);
  const [logits] = last?.inputs ?? [];
  if (!last || !logits) return { value: output };
  const severalLabels = form?.kind === 'logits' && form.severalLabels === true;
  if (last.domain === '' && BOUNDED.has(last.operator)) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `The model ends in ${last.operator} (node '${last.name}'), from which no logits can be had to compute losses from.`,
      { hint: 'Export it without this node, or with a Softmax or Sigmoid in its place.' },
    );
  }
  if (form?.kind === 'logits' && form.classes === 2 && !severalLabels && isOneNumber(output)) {
    return logitsOfOne(graph, output, last);
  }
  const ending = endingOf(last);
  if (ending === undefined) return { value: output };
  if (ending === 'Sigmoid') {
    if (form === undefined) return { value: output };
    if (severalLabels) return { value: logits, ending };
    const note =
      'The model ends in sigmoids, but every sample has one class: it is trained by a softmax over the logits before them.';
    return { value: logits, ending, note };
  }
  if (!severalLabels) return { value: logits, ending };
  throw new DistilleryError(
    'UNSUPPORTED',
    `The model ends in ${ending}, for which classes exclude each other, but the samples have any number of labels.`,
    { hint: 'Export it with a Sigmoid at its end, or with logits.' },
  );
}

/**
 * Two logits of the number z that a binary classifier gives: 0 and z, of whose softmax the second part is the sigmoid of z.
 * @param last the node that computes the number
 */
function logitsOfOne(graph: Graph, output: Value, last: Node): Logits {
  const { operator, domain, name, inputs } = last;
  if (domain === '' && (operator === 'Softmax' || operator === 'LogSoftmax')) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `The model ends in ${operator} (node '${name}') over one number, which says the same of every sample.`,
      { hint: 'Export it with a Sigmoid in its place, or with two outputs.' },
    );
  }
  const isProbability = domain === '' && operator === 'Sigmoid';
  const number = (isProbability ? inputs[0] : undefined) ?? output;
  const column = asColumn(graph, number);
  const value = graph.op('Concat', [graph.op('Sub', [column, column]), column], { axis: int(1) });
  const found = isProbability
    ? 'one value of 0…1 for two classes, taken for the probability of the second'
    : 'one number for two classes, taken for the logit of the second';
  return {
    value,
    ending: {
      kind: 'second-class',
      from: isProbability ? 'probability' : 'logit',
      isColumn: output.shape.length === 2,
    },
    note: `The model gives ${found}: it is trained on two logits, 0 and ${isProbability ? 'that of this probability' : 'this one'}.`,
  };
}

/** A softmax counts where it goes over the classes, which are on the last axis. */
function endingOf(node: Node): 'Softmax' | 'LogSoftmax' | 'Sigmoid' | undefined {
  const { operator, domain, inputs } = node;
  if (domain !== '') return undefined;
  if (operator === 'Sigmoid') return operator;
  if (operator !== 'Softmax' && operator !== 'LogSoftmax') return undefined;
  const axis = intOf(node, 'axis', -1);
  return axis === -1 || axis === (inputs[0]?.shape.length ?? 0) - 1 ? operator : undefined;
}

/** Lets a graph give what the file of the network gives: the ending after its logits. */
export function appendEnding(graph: Graph, ending: ClassifierEnding): void {
  const [logits] = graph.outputs;
  if (!logits) throw new DistilleryError('INTERNAL', 'A network without an output has no logits.');
  graph.outputs.splice(0, 1, ended(graph, logits, ending));
}

function ended(graph: Graph, logits: Value, ending: ClassifierEnding): Value {
  if (ending === 'Sigmoid') return graph.op(ending, [logits]);
  if (typeof ending === 'string') return graph.op(ending, [logits], { axis: int(-1) });
  const second = graph.op('Gather', [logits, graph.integers([1])], { axis: int(1) });
  const given = ending.from === 'probability' ? graph.op('Sigmoid', [second]) : second;
  return ending.isColumn ? given : graph.op('Squeeze', [given, graph.integers([1])]);
}

/**
 * Name of the logits in a stored classifier: its output, or what the softmax or sigmoids at its end are made of.
 * @param ofOneNumber whether the output is one number for each sample, whose shape may be changed at the end
 */
export function logitsName(graph: GraphProto, output: string, ofOneNumber = false): string {
  const last = graph.node.find(({ output: names }) => names.includes(output));
  const [input] = last?.input ?? [];
  if (!last || input === undefined) return output;
  if (last.opType === 'Identity' || (ofOneNumber && RESHAPING.has(last.opType))) {
    return logitsName(graph, input, ofOneNumber);
  }
  return ['Softmax', 'LogSoftmax', 'Sigmoid'].includes(last.opType) ? input : output;
}

const RESHAPING: ReadonlySet<string> = new Set(['Squeeze', 'Unsqueeze', 'Reshape', 'Flatten']);
