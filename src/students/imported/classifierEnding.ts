import { DistilleryError } from '../../errors.ts';
import { intOf } from '../../onnx/attributes.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import type { GraphProto } from '../../onnx/onnx_pb.ts';
import type { OutputForm } from '../networkForm.ts';

/** Operators that turn logits into probabilities or their logarithms. */
export type ClassifierEnding = 'Softmax' | 'LogSoftmax' | 'Sigmoid';

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
 * The value that a network is trained on: its output or, where that is made of logits by a softmax or sigmoids, the logits.
 * Outputs that are no classes are taken as they are.
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
  const ending = endingOf(last);
  if (ending === undefined) return { value: output };
  if (ending === 'Sigmoid') {
    if (form === undefined) return { value: output };
    if (severalLabels) return { value: logits, ending };
    const note =
      'The model ends in sigmoids, but every sample has one class: it is trained by a softmax over the logits before them. ' +
      'Its file gives sigmoids, as before.';
    return { value: logits, ending, note };
  }
  if (!severalLabels) return { value: logits, ending };
  throw new DistilleryError(
    'UNSUPPORTED',
    `The model ends in ${ending}, for which classes exclude each other, but the samples have any number of labels.`,
    { hint: 'Export it with a Sigmoid at its end, or with logits.' },
  );
}

/** The node that computes a value, but for nodes that hand it on. */
function lastComputation(graph: Graph, output: Value): Node | undefined {
  let node = graph.producer(output);
  while (node?.operator === 'Identity' && node.inputs[0]) node = graph.producer(node.inputs[0]);
  return node;
}

/** A softmax counts where it goes over the classes, which are on the last axis. */
function endingOf(node: Node): ClassifierEnding | undefined {
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
  const attributes = ending === 'Sigmoid' ? {} : { axis: int(-1) };
  graph.outputs.splice(0, 1, graph.op(ending, [logits], attributes));
}

/** Name of the logits in a stored classifier: its output, or what the softmax or sigmoids at its end are made of. */
export function logitsName(graph: GraphProto, output: string): string {
  const last = graph.node.find(({ output: names }) => names.includes(output));
  const [input] = last?.input ?? [];
  if (!last || input === undefined) return output;
  if (last.opType === 'Identity') return logitsName(graph, input);
  return ['Softmax', 'LogSoftmax', 'Sigmoid'].includes(last.opType) ? input : output;
}
