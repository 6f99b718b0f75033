import type { Samples } from '../data/task.ts';
import { DistilleryError } from '../errors.ts';
import { dimensionsOf, int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { dataTypeCode } from '../onnx/tensorProto.ts';
import type { DataType, Shape } from '../onnx/tensor.ts';

/** What an input of a network takes: the sample itself, or what follows from the tokens of a text. */
export type InputRole =
  | 'values'
  | 'tokens'
  /** 1 for a token, 0 for padding. */
  | 'mask'
  /** Which of two texts a token belongs to; always the first. */
  | 'segments'
  /** 0, 1, 2, … */
  | 'positions';

/** One input of a network and what it is fed. */
export interface NetworkInput {
  readonly name: string;
  readonly role: InputRole;
  readonly type: DataType;
  readonly shape: Shape;
}

/**
 * Finds out what the inputs of a network take. One input of float32 takes samples as they are; inputs of integers belong to a
 * text network as `transformers` exports it.
 * @throws DistilleryError `UNSUPPORTED` when an input is of another kind
 */
export function networkInputs(inputs: readonly Value[]): NetworkInput[] {
  const [first, ...others] = inputs;
  if (first?.type === 'float32' && others.length === 0) return [{ ...described(first), role: 'values' }];
  const roles = inputs.map((input, index) => ({ ...described(input), role: tokenRole(input, index) }));
  const tokens = roles.filter(({ role }) => role === 'tokens');
  if (tokens.length !== 1 || roles.some(({ type }) => type !== 'int64' && type !== 'int32')) {
    const found = inputs.map(({ name, type }) => `'${name}' (${type})`).join(', ');
    throw new DistilleryError(
      'UNSUPPORTED',
      `A network takes one input of float32, or the tokens of a text as integers; this one has ${found || 'none'}.`,
      {
        hint: 'Export it with an input of float32, and what turns its own numbers into that before it; as a teacher it can stay as it is.',
      },
    );
  }
  return roles;
}

/** The input that takes the sample itself: its values or its tokens. */
export function sampleInput(inputs: readonly NetworkInput[]): NetworkInput {
  const found = inputs.find(({ role }) => role === 'values' || role === 'tokens');
  if (!found) throw new DistilleryError('INTERNAL', 'A network without an input for its samples.');
  return found;
}

function described({ name, type, shape }: Value): Omit<NetworkInput, 'role'> {
  return { name, type, shape };
}

function tokenRole({ name }: Value, index: number): InputRole {
  if (/mask/i.test(name)) return 'mask';
  if (/type|segment/i.test(name)) return 'segments';
  if (/position/i.test(name)) return 'positions';
  return index === 0 || /ids|token|input/i.test(name) ? 'tokens' : 'values';
}

/**
 * Lets samples stand for the inputs of a network that is copied into `graph`. Samples are flattened where the network
 * takes vectors; tokens, which come as float32, become integers.
 *
 * @param value samples [B, …]
 */
export function bindSamples(
  graph: Graph,
  inputs: readonly NetworkInput[],
  value: Value,
  samples: Samples,
): Map<string, Value> {
  const shape = dimensionsOf(value);
  const bound = inputs.map(({ name, role, type, shape: wanted }): [string, Value] => {
    const cast = (result: Value): Value => graph.op('Cast', [result], { to: int(dataTypeCode(type)) });
    switch (role) {
      case 'values': {
        const flatten = wanted.length === 2 && shape.length > 2;
        return [name, flatten ? graph.op('Reshape', [value, graph.integers([shape[0] ?? 0, -1])]) : value];
      }
      case 'tokens':
        return [name, cast(value)];
      case 'mask': {
        const padding = graph.op('Equal', [value, graph.scalar(paddingOf(samples))]);
        return [name, cast(graph.op('Not', [padding]))];
      }
      case 'segments':
        return [name, cast(graph.op('Mul', [value, graph.scalar(0)]))];
      case 'positions':
        return [name, cast(graph.op('Expand', [positions(graph, shape[1] ?? 0), graph.integers(shape)]))];
    }
  });
  return new Map(bound);
}

function positions(graph: Graph, length: number): Value {
  const data = Float32Array.from({ length }, (_, position) => position);
  return graph.constant({ type: 'float32', shape: [length], data });
}

/** The contents of one input for samples that come as float32. */
export function inputContents(
  { role, type }: NetworkInput,
  values: Float32Array,
  samples: Samples,
  length: number,
): Float32Array | BigInt64Array | Int32Array {
  if (role === 'values') return values;
  const padding = paddingOf(samples);
  const contents = values.map((token, index) => {
    switch (role) {
      case 'tokens':
        return token;
      case 'mask':
        return token === padding ? 0 : 1;
      case 'segments':
        return 0;
      case 'positions':
        return index % length;
    }
  });
  return type === 'int64' ? BigInt64Array.from(contents, BigInt) : Int32Array.from(contents);
}

/** Values have no padding, and no value equals NaN. */
function paddingOf(samples: Samples): number {
  return samples.kind === 'tokens' ? samples.padding : NaN;
}
