import { DistilleryError } from '../../errors.ts';
import { intOf, intsOf, misfit } from '../attributes.ts';
import { int, type Graph } from '../graph.ts';
import type { Value } from '../node.ts';
import { positiveAxis } from '../shapes/rule.ts';
import { intTensor } from '../tensor.ts';
import type { GraphProto } from '../onnx_pb.ts';
import type { StoredNode } from '../upgrade/step.ts';

/** Most nodes that the rounds of a loop may come to. */
const MOST_NODES = 20_000;

/** An import under way, as its loops see it. */
export interface LoopImport {
  readonly graph: Graph;
  /** The value of a name. @throws DistilleryError where nothing produces it */
  readonly valueOf: (name: string) => Value;
  /** The values that names of the file stand for. */
  readonly scope: Map<string, Value>;
  /** Adds the nodes of a nested graph. */
  readonly importContents: (body: GraphProto) => void;
}

/**
 * The rounds of a `Loop` or a `Scan` one after the other, where it is known without the data how many there are: what Keras' recurrent layers with
 * masks and PyTorch's scripted loops are written as.
 *
 * @returns the outputs of the node; undefined where the rounds depend on the data, are too many, or have what cannot be read
 */
export function importRounds(node: StoredNode, body: GraphProto, into: LoopImport): readonly Value[] | undefined {
  const before = new Map(into.scope);
  try {
    const results = node.operator === 'Loop' ? unrollLoop(node, body, into) : unrollScan(node, body, into);
    if (results) return results;
  } catch (error) {
    if (!(error instanceof DistilleryError) || error.code === 'INTERNAL') throw error;
  }
  // What was added of the rounds is read by nothing, and left out with everything else that is not.
  into.scope.clear();
  for (const [name, value] of before) into.scope.set(name, value);
  return undefined;
}

function unrollLoop(node: StoredNode, body: GraphProto, into: LoopImport): readonly Value[] | undefined {
  const { graph, scope, valueOf, importContents } = into;
  const [trips, condition, ...begin] = node.inputs;
  const rounds = trips && numberIn(graph, trips);
  let goesOn = condition ? numberIn(graph, condition) : 1;
  if (rounds === undefined || goesOn === undefined || rounds * body.node.length > MOST_NODES) return undefined;
  let states = begin.map((value) => present(node, value));
  const collected: Value[][] = body.output.slice(1 + states.length).map(() => []);
  for (let round = 0; round < rounds && goesOn; round++) {
    const [number, goes, ...carried] = body.input;
    if (number) scope.set(number.name, graph.constant(intTensor(round)));
    if (goes) scope.set(goes.name, graph.constant({ type: 'bool', shape: [], data: Uint8Array.of(1) }));
    bindAll(carried, states, scope);
    importContents(body);
    const [again, ...given] = body.output.map(({ name }) => valueOf(name));
    states = given.slice(0, states.length);
    collected.forEach((rows, index) => rows.push(present(node, given[states.length + index])));
    goesOn = again && numberIn(graph, again);
    if (goesOn === undefined && round + 1 < rounds) return undefined;
  }
  return collected.some((rows) => rows.length === 0)
    ? undefined
    : [...states, ...collected.map((rows) => stacked(graph, rows, 0))];
}

function unrollScan(node: StoredNode, body: GraphProto, into: LoopImport): readonly Value[] | undefined {
  const { graph, scope, valueOf, importContents } = into;
  const scans = intOf(node, 'num_scan_inputs', 1);
  const all = node.inputs.map((value) => present(node, value));
  const sequences = all.slice(all.length - scans);
  let states = all.slice(0, all.length - scans);
  const [inputAxes, isInputBackward] = ['scan_input_axes', 'scan_input_directions'].map((name) => intsOf(node, name));
  const [outputAxes, isOutputBackward] = ['scan_output_axes', 'scan_output_directions'].map((name) =>
    intsOf(node, name),
  );
  const axes = sequences.map(({ shape }, index) => positiveAxis(inputAxes?.[index] ?? 0, shape.length));
  const rounds = sequences[0]?.shape[axes[0] ?? 0];
  if (typeof rounds !== 'number' || rounds === 0 || rounds * body.node.length > MOST_NODES) return undefined;
  const collected: Value[][] = body.output.slice(states.length).map(() => []);
  for (let round = 0; round < rounds; round++) {
    const elements = sequences.map((sequence, index) => {
      const place = isInputBackward?.[index] === 1 ? rounds - 1 - round : round;
      return graph.op('Gather', [sequence, graph.constant(intTensor(place))], { axis: int(axes[index] ?? 0) });
    });
    bindAll(body.input, [...states, ...elements], scope);
    importContents(body);
    const given = body.output.map(({ name }) => valueOf(name));
    states = given.slice(0, states.length);
    collected.forEach((rows, index) => rows.push(present(node, given[states.length + index])));
  }
  return [
    ...states,
    ...collected.map((rows, index) =>
      stacked(graph, isOutputBackward?.[index] === 1 ? rows.toReversed() : rows, outputAxes?.[index] ?? 0),
    ),
  ];
}

function bindAll(names: GraphProto['input'], values: readonly Value[], scope: LoopImport['scope']): void {
  names.forEach(({ name }, index) => {
    const value = values[index];
    if (value) scope.set(name, value);
  });
}

/** Values as one with a further axis. */
function stacked(graph: Graph, rows: readonly Value[], axis: number): Value {
  const rank = (rows[0]?.shape.length ?? 0) + 1;
  const place = positiveAxis(axis, rank);
  const raised = rows.map((row) => graph.op('Unsqueeze', [row, graph.integers([place])]));
  return graph.op('Concat', raised, { axis: int(place) });
}

/** The one number that a value is known to be. */
function numberIn(graph: Graph, { name }: Value): number | undefined {
  const data = (graph.known.get(name) ?? graph.initializers.get(name))?.data;
  return data?.length === 1 ? Number(data[0]) : undefined;
}

/** @throws DistilleryError where there is none */
function present(node: StoredNode, value: Value | undefined): Value {
  if (value) return value;
  throw misfit(node, 'an input is missing');
}
