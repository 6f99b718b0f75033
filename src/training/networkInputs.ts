import type { SamplePart, Samples } from '../data/task.ts';
import { DistilleryError } from '../errors.ts';
import { dimensionsOf, int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { dataTypeCode } from '../onnx/tensorProto.ts';
import type { ModelProto } from '../onnx/onnx_pb.ts';
import { toWholeNumbers, wholeInputOf, type OwnNumbers } from '../onnx/ownNumbers.ts';
import { elementCount, type DataType, type Shape } from '../onnx/tensor.ts';
import { matchParts, plainName, readPieces, valuesOfPieces, type TakenPieces } from './sampleParts.ts';

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
  /** Of values that are whole numbers: what turns samples into them. */
  readonly own?: OwnNumbers;
  /** Of values that are a part of a sample: which, and how many values a whole one has. */
  readonly taken?: TakenPieces & { readonly of: number };
}

/**
 * Finds out what the inputs of a network take. One input of float32 takes samples as they are; inputs of integers belong to a
 * text network as `transformers` exports it; several others take the parts of a sample that are called like them, or have their shapes.
 *
 * @param samples what the network is fed; left out where it is not known, and there is one input
 * @throws DistilleryError `UNSUPPORTED` when an input is of another kind, or no part of the samples fits it
 */
export function networkInputs(inputs: readonly Value[], samples?: Samples): NetworkInput[] {
  const [first, ...others] = inputs;
  const parts = samples?.kind === 'values' ? samples.parts : undefined;
  if (first && parts && takesParts(inputs, parts)) {
    const of = parts.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    return matchParts(inputs, parts).map((taken, index) => {
      const { name = '', type = 'float32', shape = [] } = inputs[index] ?? {};
      return { name, role: 'values', type, shape: [...shape.slice(0, 1), ...taken.shape], taken: { ...taken, of } };
    });
  }
  if (first?.type === 'float32' && others.length === 0) return [{ ...described(first), role: 'values' }];
  const roles = inputs.map((input, index) => ({ ...described(input), role: tokenRole(input, index) }));
  const tokens = roles.filter(({ role }) => role === 'tokens');
  if (tokens.length !== 1 || roles.some(({ type }) => type !== 'int64' && type !== 'int32')) {
    const found = inputs.map(({ name, type }) => `'${name}' (${type})`).join(', ');
    throw new DistilleryError(
      'UNSUPPORTED',
      `A network takes one input of numbers, the tokens of a text as integers, or several inputs that are called like parts of the samples; this one has ${found || 'none'}.`,
      {
        hint:
          inputs.length > 1
            ? 'Several inputs are filled with the columns of a table, or with the arrays of an .npz file, that are called like them.'
            : 'Export it with an input of float32 or of whole numbers (uint8, int32, int64) with a Cast to float32 behind it; as a teacher it can stay as it is.',
      },
    );
  }
  return roles;
}

/** Whether inputs are filled with parts of samples: several that are no tokens, or one that is called like a part of its size. */
function takesParts(inputs: readonly Value[], parts: readonly SamplePart[]): boolean {
  const [first, ...others] = inputs;
  if (others.length > 0) {
    const isNamed = ({ name }: Value): boolean => parts.some((part) => plainName(part.name) === plainName(name));
    return inputs.every(isNamed) || !inputs.every(({ type }, index) => /^int/.test(type) && isOfText(inputs, index));
  }
  const own = parts.length > 1 ? parts.find(({ name }) => plainName(name) === plainName(first?.name ?? '')) : undefined;
  return own !== undefined && first?.shape.slice(1).join() === own.shape.join();
}

function isOfText(inputs: readonly Value[], index: number): boolean {
  const input = inputs[index];
  return input !== undefined && (tokenRole(input, index) !== 'tokens' || /ids|token/i.test(input.name));
}

/** What the inputs of a stored network take; see `networkInputs`. An input of whole numbers takes samples where its file says how. */
export function fileInputs(model: ModelProto, inputs: readonly Value[], samples?: Samples): NetworkInput[] {
  const whole = wholeInputOf(model);
  const [first] = inputs;
  if (!whole || !first) return networkInputs(inputs, samples);
  return [{ ...described(first), role: 'values', own: { scale: whole.scale, offset: whole.offset } }];
}

/** The input that takes the sample itself: its values or its tokens. */
export function sampleInput(inputs: readonly NetworkInput[]): NetworkInput {
  const found = inputs.find(({ role }) => role === 'values' || role === 'tokens');
  if (!found) throw new DistilleryError('INTERNAL', 'A network without an input for its samples.');
  return found;
}

/** Dimensions of one sample as a network's inputs take it, all of them together. */
export function takenShape(inputs: readonly NetworkInput[]): Shape {
  const { shape, taken } = sampleInput(inputs);
  return taken ? [taken.of] : shape.slice(1);
}

/** How several inputs are filled, as a sentence; undefined where one takes the samples as they are. */
export function describeParts(inputs: readonly NetworkInput[], what: string): string | undefined {
  const each = inputs.flatMap(({ name, taken }) => (taken ? [`'${name}' ${listed(taken.parts)}`] : []));
  return each.length === 0 ? undefined : `${what}'s inputs take parts of every sample: ${each.join('; ')}.`;
}

function listed(names: readonly string[]): string {
  const [first = '', ...others] = names;
  return others.length < 4 ? names.join(', ') : `${first} … ${others.at(-1) ?? ''} (${names.length})`;
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
  const { shape } = value;
  const bound = inputs.map(({ name, role, type, shape: wanted, taken }): [string, Value] => {
    const cast = (result: Value): Value => graph.op('Cast', [result], { to: int(dataTypeCode(type)) });
    switch (role) {
      case 'values': {
        if (taken) return [name, valuesOfPieces(graph, value, taken, type)];
        const flatten = wanted.length === 2 && shape.length > 2;
        return [name, flatten ? graph.op('Reshape', [value, graph.integers([0, -1])]) : value];
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
        return [
          name,
          cast(
            graph.op('Expand', [positions(graph, dimensionsOf(value)[1] ?? 0), graph.integers(dimensionsOf(value))]),
          ),
        ];
    }
  });
  return new Map(bound);
}

function positions(graph: Graph, length: number): Value {
  const data = Float32Array.from({ length }, (_, position) => position);
  return graph.constant({ type: 'float32', shape: [length], data });
}

/** The contents of one input for samples that come as float32. @param sampleShape dimensions of one of them */
export function inputContents(
  { role, type, own, taken }: NetworkInput,
  values: Float32Array,
  samples: Samples,
  sampleShape: readonly number[],
): Float32Array | BigInt64Array | Int32Array | Uint8Array {
  if (taken) return ofType(readPieces(values, taken, taken.of), type);
  if (role === 'values') return own ? toWholeNumbers(values, { ...own, type }, elementCount(sampleShape)) : values;
  const [length = 1] = sampleShape;
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

function ofType(values: Float32Array, type: DataType): Float32Array | BigInt64Array | Int32Array | Uint8Array {
  if (type === 'int64') return BigInt64Array.from(values, (value) => BigInt(Math.floor(value + 0.5)));
  if (type === 'int32') return Int32Array.from(values, (value) => Math.floor(value + 0.5));
  if (type === 'uint8') return Uint8Array.from(values, (value) => Math.floor(value + 0.5));
  return type === 'bool' ? Uint8Array.from(values, (value) => Number(value !== 0)) : values;
}

/** Values have no padding, and no value equals NaN. */
function paddingOf(samples: Samples): number {
  return samples.kind === 'tokens' ? samples.padding : NaN;
}
