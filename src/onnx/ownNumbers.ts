import { clone, create } from '@bufbuild/protobuf';
import * as z from 'zod';
import { copyGraph } from './copy.ts';
import { Graph, int } from './graph.ts';
import type { Node, Value } from './node.ts';
import { ModelProtoSchema, StringStringEntryProtoSchema, type ModelProto } from './onnx_pb.ts';
import { otherNumbersOf } from './otherNumbers.ts';
import { floatTensor, type DataType } from './tensor.ts';
import { dataTypeCode } from './tensorProto.ts';

/**
 * What turns the samples of a dataset into the whole numbers that a network's input takes: value × scale + offset, rounded. One scale
 * for all values of a sample, or one for each channel, or for each value where a sample is a vector.
 */
export interface OwnNumbers {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** The input of a file that takes whole numbers, and what it takes of a sample. */
export interface WholeInput extends OwnNumbers {
  readonly input: string;
  readonly type: 'uint8' | 'int32' | 'int64';
}

/** The entry of a model's metadata that holds its `OwnNumbers`, as JSON. */
const KEY = 'distillery.input';
const numbers = z.array(z.number()).min(1);
const ownSchema = z.object({ scale: numbers, offset: numbers });

/** The type of the whole numbers that a network's one input takes; undefined for other inputs, tokens among them. */
export function wholeNumbersType(
  proto: ModelProto,
  sampleShape: readonly number[] = [],
): WholeInput['type'] | undefined {
  const type = otherNumbersOf({ proto }, sampleShape)?.type;
  return type === 'uint8' || type === 'int32' || type === 'int64' ? type : undefined;
}

/** The entry of a model's metadata that says what its input takes. */
export function ownNumbersMetadata({ scale, offset }: OwnNumbers): Record<string, string> {
  return { [KEY]: JSON.stringify({ scale, offset }) };
}

/** The model, saying in its metadata what its input takes. */
export function withOwnNumbers(model: ModelProto, own: OwnNumbers): ModelProto {
  const changed = clone(ModelProtoSchema, model);
  const entry = create(StringStringEntryProtoSchema, { key: KEY, value: JSON.stringify(own) });
  changed.metadataProps = [...changed.metadataProps.filter(({ key }) => key !== KEY), entry];
  return changed;
}

/** Whether a model says what its input takes; one that was made to take samples says so still. */
export function saysOwnNumbers(model: ModelProto): boolean {
  return model.metadataProps.some(({ key }) => key === KEY);
}

/** A model that says what its whole numbers are has no tokens. */
const LIST = [1];

/** What the input of a model takes that is of whole numbers; undefined for any other, and where its metadata do not say. */
export function wholeInputOf(model: ModelProto): WholeInput | undefined {
  const stored = model.metadataProps.find(({ key }) => key === KEY);
  const type = stored && wholeNumbersType(model, LIST);
  const input = otherNumbersOf({ proto: model }, LIST)?.input;
  if (!type || input === undefined) return undefined;
  return { input, type, ...ownSchema.parse(JSON.parse(stored.value)) };
}

/**
 * Samples as the whole numbers that an input takes, computed in single precision, so that nothing is rounded otherwise than by
 * `roundSamples`.
 *
 * @param size values of one sample
 */
export function toWholeNumbers(
  values: Float32Array,
  { scale, offset, type }: OwnNumbers & { readonly type: DataType },
  size: number,
): Uint8Array | Int32Array | BigInt64Array {
  const { fround, floor } = Math;
  const each = size / scale.length;
  const whole = values.map((value, index) => {
    const place = floor((index % size) / each);
    const own = fround(fround(value * fround(scale[place] ?? 1)) + fround(offset[place] ?? 0));
    return floor(fround(own + 0.5));
  });
  if (type === 'uint8') return Uint8Array.from(whole, (value) => Math.min(255, Math.max(0, value)));
  return type === 'int32' ? Int32Array.from(whole) : BigInt64Array.from(whole, BigInt);
}

/** Operators between the input and the Cast: what they do to numbers does not depend on their type. */
const MOVING: ReadonlySet<string> = new Set([
  ...['Identity', 'Transpose', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Shape', 'Slice', 'Concat', 'Gather'],
]);

/** A graph whose input takes the samples of a dataset in place of whole numbers, which are not rounded to. */
export function takeSamples(source: Graph, whole: WholeInput): Graph {
  return withInput(source, whole, (graph, samples) => affine(graph, samples, whole));
}

/** A graph whose input takes samples, which are turned into its whole numbers. */
export function castSamples(source: Graph, whole: WholeInput): Graph {
  return withInput(source, whole, (graph, samples) =>
    graph.op('Cast', [rounded(graph, samples, whole)], { to: int(dataTypeCode(whole.type)) }),
  );
}

/** A graph that takes samples, rounding them as a file does that takes whole numbers. */
export function roundSamples(source: Graph, whole: WholeInput): Graph {
  return withInput(source, whole, (graph, samples) => {
    const [scale, offset] = constantsFor(graph, samples, whole);
    return graph.op('Div', [graph.op('Sub', [rounded(graph, samples, whole), offset]), scale]);
  });
}

function rounded(graph: Graph, samples: Value, whole: WholeInput): Value {
  const raised = graph.op('Add', [affine(graph, samples, whole), graph.scalar(0.5)]);
  const near = graph.op('Floor', [raised]);
  if (whole.type !== 'uint8') return near;
  return graph.op('Min', [graph.op('Max', [near, graph.scalar(0)]), graph.scalar(255)]);
}

function withInput(source: Graph, { input }: WholeInput, change: (graph: Graph, samples: Value) => Value): Graph {
  const graph = new Graph();
  graph.reserve(source.names);
  const { shape } = source.value(input);
  const changed = change(graph, graph.input(input, 'float32', shape));
  const copies = copyGraph(graph, source, { bindings: new Map([[input, changed]]), prefix: '' });
  for (const { name } of source.outputs) graph.output(copies.get(name) ?? graph.value(name));
  return graph;
}

function affine(graph: Graph, samples: Value, own: OwnNumbers): Value {
  const [scale, offset] = constantsFor(graph, samples, own);
  return graph.op('Add', [graph.op('Mul', [samples, scale]), offset]);
}

function constantsFor(graph: Graph, { shape }: Value, { scale, offset }: OwnNumbers): readonly [Value, Value] {
  const constant = (values: readonly number[]): Value =>
    graph.constant(floatTensor(values, [values.length, ...shape.slice(2).map(() => 1)]));
  return [constant(scale), constant(offset)];
}

/** Whether nothing is computed of a graph's whole numbers before they are cast to floats, so that samples can take their place. */
export function isCastAtOnce(graph: Graph, { input, type }: WholeInput): boolean {
  const moved = new Set([input]);
  const floats = new Set<string>();
  for (const node of graph.nodes) {
    if (node.inputs.some((value) => value && floats.has(value.name))) {
      if (makesWhole(node)) return false;
      if (node.domain === '' && MOVING.has(node.operator)) addNames(node, floats);
    }
    const places = node.inputs.flatMap((value, index) => (value && moved.has(value.name) ? [index] : []));
    if (places.length === 0) continue;
    // What comes after the first input says how it is moved, such as the rows that are gathered.
    const isMoved = node.operator === 'Concat' || places.every((place) => place === 0);
    if (node.domain === '' && MOVING.has(node.operator) && isMoved) {
      for (const value of node.outputs) if (value && value.type === type) moved.add(value.name);
    } else if (isCastToFloat(node)) addNames(node, floats);
    else return false;
  }
  return true;
}

function addNames({ outputs }: Node, to: Set<string>): void {
  for (const value of outputs) if (value) to.add(value.name);
}

/** Whether a node compares floats or makes whole numbers of them: ids that are 2.9999 would be other ones, and 0.0001 no padding. */
function makesWhole({ operator, outputs }: Node): boolean {
  if (operator === 'Shape' || operator === 'Size') return false;
  return outputs.some((value) => value && !value.type.startsWith('float'));
}

function isCastToFloat({ operator, domain, outputs }: Node): boolean {
  return domain === '' && operator === 'Cast' && outputs[0]?.type === 'float32';
}
