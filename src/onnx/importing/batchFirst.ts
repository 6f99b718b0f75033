import { clone } from '@bufbuild/protobuf';
import { DistilleryError } from '../../errors.ts';
import { ModelProtoSchema, type GraphProto, type ModelProto, type ValueInfoProto } from '../onnx_pb.ts';
import type { Dimension } from '../tensor.ts';
import { importUnpruned } from './importGraph.ts';
import { declaredType } from './importTypes.ts';
import { readInPlaceOf, storedTranspose } from './storedTranspose.ts';

/** A model whose batch comes first, and what was turned for that. */
export interface BatchFirst {
  readonly model: ModelProto;
  /** The inputs whose batch is another axis in the file, with their dimensions there. */
  readonly turned: readonly { readonly name: string; readonly shape: readonly Dimension[] }[];
}

/** Where the batch lies in the inputs of a model. */
interface BatchPlace {
  /** The dimension: its name, or 1 where it is fixed. */
  readonly batch: Dimension;
  /** Axes of the batch by the name of the input, of those in which it is not the first. */
  readonly axes: ReadonlyMap<string, number>;
}

interface DeclaredInput {
  readonly name: string;
  readonly shape: readonly Dimension[];
}

/** Two sizes of the batch, to see which axis of an output follows it. */
const TRIAL_BATCHES = [3, 7] as const;

/**
 * A model whose batch is another axis than the first, as recurrent layers and transformers of PyTorch have it by default ([time, batch, features]), as one
 * that takes it first: a Transpose before such an input, and one behind the output where the batch is not its first axis either. Undefined for any other model.
 *
 * @param sampleShape dimensions of the dataset's samples
 */
export function batchFirst(model: ModelProto, sampleShape: readonly number[]): BatchFirst | undefined {
  const inputs = declaredInputs(model);
  const place = inputs && placeOfBatch(inputs, sampleShape);
  if (!place) return undefined;
  const changed = clone(ModelProtoSchema, model);
  const { graph } = changed;
  if (!graph) return undefined;
  const outputs = outputAxes(model, place.batch);
  for (const [name, axis] of place.axes) turnInput(graph, name, axis);
  for (const [name, axis] of outputs) if (axis > 0) turnOutput(graph, name, axis);
  return { model: changed, turned: inputs.filter(({ name }) => place.axes.has(name)) };
}

function declaredInputs({ graph }: ModelProto): readonly DeclaredInput[] | undefined {
  const stored = new Set(graph?.initializer.map(({ name }) => name));
  try {
    return graph?.input.flatMap((info) =>
      stored.has(info.name) ? [] : [{ name: info.name, shape: declaredType(info).shape }],
    );
  } catch (error) {
    // A list, or an input whose axes are not declared.
    if (error instanceof DistilleryError) return undefined;
    throw error;
  }
}

function placeOfBatch(inputs: readonly DeclaredInput[], sampleShape: readonly number[]): BatchPlace | undefined {
  return namedPlace(inputs) ?? (inputs.length === 1 && inputs[0] ? placeOfOne(inputs[0], sampleShape) : undefined);
}

/** The axis that is called batch, where the first axis is not called so. */
function namedPlace(inputs: readonly DeclaredInput[]): BatchPlace | undefined {
  const isCalledBatch = (dimension: Dimension | undefined): boolean =>
    typeof dimension === 'string' && /batch/i.test(dimension);
  const names = new Set(inputs.flatMap(({ shape }) => shape.filter(isCalledBatch)));
  const [batch] = names;
  if (batch === undefined || names.size > 1) return undefined;
  const axes = inputs.flatMap(({ name, shape }): [string, number][] => {
    const axis = shape.indexOf(batch);
    return axis > 0 ? [[name, axis]] : [];
  });
  return axes.length > 0 ? { batch, axes: new Map(axes) } : undefined;
}

/** The axis without which an input of fixed length has the dimensions of a sample: the only open one, or one of 1 where none is open. */
function placeOfOne({ name, shape }: DeclaredInput, sampleShape: readonly number[]): BatchPlace | undefined {
  const [first] = shape;
  if (typeof first !== 'number' || first === 1 || shape.length !== sampleShape.length + 1) return undefined;
  const isSample = (dimensions: readonly Dimension[]): boolean => dimensions.join() === sampleShape.join();
  if (isSample(shape.slice(1))) return undefined;
  const isOpen = shape.some((dimension) => typeof dimension === 'string');
  const axis = shape.findIndex(
    (dimension, index) =>
      (isOpen ? typeof dimension === 'string' : dimension === 1) &&
      index > 0 &&
      isSample(shape.filter((_, other) => other !== index)),
  );
  const batch = shape[axis];
  return batch === undefined ? undefined : { batch, axes: new Map([[name, axis]]) };
}

/** Which axis of each output is the batch. */
function outputAxes(model: ModelProto, batch: Dimension): ReadonlyMap<string, number> {
  const follows = typeof batch === 'string' ? followedAxes(model, batch) : new Map<string, number>();
  return new Map(
    (model.graph?.output ?? []).map(({ name, type }) => {
      const dim = type?.value.case === 'tensorType' ? (type.value.value.shape?.dim ?? []) : [];
      const declared = dim.findIndex(({ value }) =>
        typeof batch === 'string'
          ? value.case === 'dimParam' && value.value === batch
          : value.case === 'dimValue' && value.value === 1n,
      );
      return [name, declared >= 0 ? declared : (follows.get(name) ?? 0)];
    }),
  );
}

/** The axes of outputs whose size differs for two sizes of the batch; none where the model cannot be read. */
function followedAxes(model: ModelProto, batch: string): ReadonlyMap<string, number> {
  try {
    const [smaller, larger] = TRIAL_BATCHES.map((size) => importUnpruned(model, { bind: { [batch]: size } }));
    const axes = (smaller?.outputs ?? []).map(({ name, shape }, index): [string, number] => {
      const other = larger?.outputs[index]?.shape ?? [];
      return [name, shape.findIndex((size, axis) => size === TRIAL_BATCHES[0] && other[axis] === TRIAL_BATCHES[1])];
    });
    return new Map(axes.filter(([, axis]) => axis >= 0));
  } catch (error) {
    if (error instanceof DistilleryError && error.code !== 'INTERNAL') return new Map();
    throw error;
  }
}

function turnInput(graph: GraphProto, name: string, axis: number): void {
  const inside = freshName(graph, `${name}.batch_axis_${axis}`);
  readInPlaceOf(graph, name, inside);
  const info = graph.input.find((input) => input.name === name);
  const rank = info ? bringForward(info, axis) : 0;
  graph.node.unshift(storedTranspose(name, inside, movedBack(axis, rank)));
}

function turnOutput(graph: GraphProto, name: string, axis: number): void {
  const inside = freshName(graph, `${name}.batch_axis_${axis}`);
  const info = graph.output.find((output) => output.name === name);
  const rank = info ? bringForward(info, axis) : 0;
  // How many axes an output has that the file does not declare is not known.
  if (rank === 0) return;
  readInPlaceOf(graph, name, inside);
  for (const node of graph.node) node.output = node.output.map((output) => (output === name ? inside : output));
  const order = [axis, ...Array.from({ length: rank }, (_, index) => index).filter((index) => index !== axis)];
  graph.node.push(storedTranspose(inside, name, order));
}

/** Declares an axis as the first. @returns how many axes there are */
function bringForward({ type }: ValueInfoProto, axis: number): number {
  const shape = type?.value.case === 'tensorType' ? type.value.value.shape : undefined;
  if (!shape) return 0;
  shape.dim.unshift(...shape.dim.splice(axis, 1));
  return shape.dim.length;
}

/** The order that puts the first axis at a place behind. */
function movedBack(axis: number, rank: number): number[] {
  return Array.from({ length: rank }, (_, index) => (index === axis ? 0 : index < axis ? index + 1 : index));
}

function freshName(graph: GraphProto, like: string): string {
  const taken = new Set([
    ...graph.node.flatMap(({ output }) => output),
    ...[...graph.initializer, ...graph.input].map(({ name }) => name),
  ]);
  let name = like;
  for (let number = 2; taken.has(name); number++) name = `${like}.${number}`;
  return name;
}
