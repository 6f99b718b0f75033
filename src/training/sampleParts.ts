import type { SamplePart } from '../data/task.ts';
import { DistilleryError } from '../errors.ts';
import { int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { elementCount, type DataType, type Dimension, type Shape } from '../onnx/tensor.ts';
import { dataTypeCode } from '../onnx/tensorProto.ts';

/** A run of the values of a sample, or the category that they stand for as its number. */
export interface Piece {
  readonly start: number;
  readonly size: number;
  readonly as: 'values' | 'category';
}

/** What one of several inputs of a network takes of a sample. */
export interface TakenPieces {
  /** Names of the parts that it takes. */
  readonly parts: readonly string[];
  /** One after the other. */
  readonly pieces: readonly Piece[];
  /** Dimensions of what it takes. */
  readonly shape: readonly number[];
}

interface PlacedPart extends SamplePart {
  readonly start: number;
  readonly size: number;
}

const NUMBERS: ReadonlySet<DataType> = new Set(['float32', 'int64', 'int32', 'uint8', 'bool']);
const WHOLE: ReadonlySet<DataType> = new Set(['int64', 'int32', 'uint8']);

/** Parts that are named in a message. */
const NAMED = 8;

/**
 * Finds out which parts of a sample the inputs of a network take: those with their names and, of what is left, those of their shapes, in
 * their order. An input of whole numbers takes categories by their numbers.
 *
 * @throws DistilleryError `UNSUPPORTED` naming an input that nothing fits
 */
export function matchParts(inputs: readonly Value[], parts: readonly SamplePart[]): TakenPieces[] {
  let start = 0;
  const free = parts.map((part): PlacedPart => {
    const size = elementCount(part.shape);
    start += size;
    return { ...part, start: start - size, size };
  });
  const taken = new Map<Value, TakenPieces>();
  const take = (input: Value, chosen: readonly PlacedPart[]): void => {
    const pieces = piecesFor(input, chosen);
    if (!pieces) throw unfit(input, chosen);
    taken.set(input, pieces);
    for (const part of chosen) free.splice(free.indexOf(part), 1);
  };
  for (const input of inputs) {
    if (!NUMBERS.has(input.type)) throw noNumbers(input);
    const named = free.find(({ name }) => plainName(name) === plainName(input.name));
    if (named) take(input, [named]);
  }
  // Categories go to inputs of whole numbers before all else goes to the others, in which they may be single values.
  const left = inputs.filter((input) => !taken.has(input));
  const ordered = [...left.filter(({ type }) => WHOLE.has(type)), ...left.filter(({ type }) => !WHOLE.has(type))];
  for (const [index, input] of ordered.entries()) {
    const run = runFor(input, free, index === ordered.length - 1);
    if (!run) throw missing(input, free, parts);
    take(input, run);
  }
  // What no input is called like is taken in its order, which is a guess unless nothing is left.
  const [guessed] = ordered.filter((input) => input.shape.length <= 2);
  if (guessed && free.length > 0) throw missing(guessed, free, parts);
  return inputs.flatMap((input) => taken.get(input) ?? []);
}

/** The name of a part or an input with one sign between its words: exporters write names of columns with others. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_');
}

/** The first parts that are left which fill an input: one of its shape, or several that follow each other. */
function runFor(input: Value, free: readonly PlacedPart[], isLast: boolean): readonly PlacedPart[] | undefined {
  // One that takes any number of values takes all that is left.
  if (input.shape.length === 2 && typeof input.shape[1] === 'string') {
    return isLast && free.length > 0 && piecesFor(input, free) ? free.slice() : undefined;
  }
  const categories = WHOLE.has(input.type) ? free.filter(({ isCategory }) => isCategory === true) : [];
  for (const among of [categories, free]) {
    const alike = among.find((part) => part.shape.length > 1 && piecesFor(input, [part]));
    if (alike) return [alike];
    for (let count = 1; count <= among.length; count++) {
      const run = among.slice(0, count);
      if (piecesFor(input, run)) return run;
    }
  }
  return undefined;
}

/** What an input takes of parts; undefined where they do not fill it. */
function piecesFor(input: Value, parts: readonly PlacedPart[]): TakenPieces | undefined {
  const declared = input.shape.slice(1);
  const [only] = parts;
  const asValues = parts.map(({ start, size }): Piece => ({ start, size, as: 'values' }));
  const asCategories = parts.map(({ start, size, isCategory }): Piece => {
    return { start, size, as: isCategory === true ? 'category' : 'values' };
  });
  const variants = WHOLE.has(input.type) ? [asCategories, asValues] : [asValues];
  for (const pieces of variants) {
    const size = pieces.reduce((sum, piece) => sum + widthOf(piece), 0);
    const own = parts.length === 1 && only && size === only.size ? only.shape : [size];
    const shape = filledShape(declared, own, size);
    if (shape) return { parts: parts.map(({ name }) => name), pieces, shape };
  }
  return undefined;
}

/** The dimensions of an input that takes so many values; undefined where it cannot. */
function filledShape(declared: Shape, own: readonly number[], size: number): readonly number[] | undefined {
  const fits = (dimension: Dimension, axis: number): boolean =>
    typeof dimension === 'string' || dimension === own[axis];
  if (declared.length === own.length && declared.every(fits)) return own;
  const known = declared.map((dimension) => (typeof dimension === 'number' ? dimension : 1));
  return declared.length !== 1 && elementCount(known) === size && declared.every((each) => typeof each === 'number')
    ? known
    : undefined;
}

function widthOf({ size, as }: Piece): number {
  return as === 'category' ? 1 : size;
}

/**
 * What an input takes of samples.
 * @param rows samples [batch, …]
 */
export function valuesOfPieces(graph: Graph, rows: Value, { pieces, shape }: TakenPieces, type: DataType): Value {
  const flat = rows.shape.length > 2 ? graph.op('Reshape', [rows, graph.integers([0, -1])]) : rows;
  const each = joinedRuns(pieces).map((piece) => {
    const { start, size, as } = piece;
    const run = graph.op('Slice', [flat, graph.integers([start]), graph.integers([start + size]), graph.integers([1])]);
    return as === 'values' ? run : categoryOf(graph, run, size);
  });
  const [first = flat] = each;
  const joined = each.length > 1 ? graph.op('Concat', each, { axis: int(1) }) : first;
  const shaped =
    shape.length === 1 && joined.shape.length === 2
      ? joined
      : graph.op('Reshape', [joined, graph.integers(shape.length === 0 ? [-1] : [0, ...shape])]);
  if (type === 'float32') return shaped;
  // A Cast cuts off what is a little below a whole number.
  const nearest = type === 'bool' ? shaped : graph.op('Floor', [graph.op('Add', [shaped, graph.scalar(0.5)])]);
  return graph.op('Cast', [nearest], { to: int(dataTypeCode(type)) });
}

/** Values that lie beside each other are cut out together. */
function joinedRuns(pieces: readonly Piece[]): Piece[] {
  const runs: Piece[] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    const goesOn = last?.as === 'values' && piece.as === 'values' && last.start + last.size === piece.start;
    if (goesOn) runs[runs.length - 1] = { ...last, size: last.size + piece.size };
    else runs.push(piece);
  }
  return runs;
}

/** The number of the category that values stand for, [batch, 1], as float32. */
function categoryOf(graph: Graph, values: Value, size: number): Value {
  const number =
    size === 1
      ? graph.op('Greater', [values, graph.scalar(0.5)])
      : graph.op('ArgMax', [values], { axis: int(1), keepdims: int(1) });
  return graph.op('Cast', [number], { to: int(dataTypeCode('float32')) });
}

/** The same of samples in memory. @param size values of one sample */
export function readPieces(values: Float32Array, { pieces }: TakenPieces, size: number): Float32Array {
  const width = pieces.reduce((sum, piece) => sum + widthOf(piece), 0);
  const count = values.length / size;
  const taken = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    let at = row * width;
    for (const { start, size: length, as } of pieces) {
      const from = row * size + start;
      const run = values.subarray(from, from + length);
      if (as === 'values') taken.set(run, at);
      else taken[at] = length === 1 ? Number((run[0] ?? 0) > 0.5) : run.indexOf(run.reduce((a, b) => Math.max(a, b)));
      at += as === 'values' ? length : 1;
    }
  }
  return taken;
}

function noNumbers({ name, type }: Value): DistilleryError {
  return new DistilleryError(
    'UNSUPPORTED',
    `The input '${name}' is of type ${type}, which samples cannot be turned into.`,
    {
      hint: 'Export the network with inputs of float32, or of int64 for categories; as a teacher it can stay as it is.',
    },
  );
}

function unfit({ name, type, shape }: Value, parts: readonly PlacedPart[]): DistilleryError {
  const [part] = parts;
  return new DistilleryError(
    'UNSUPPORTED',
    `The input '${name}' (${type}) takes [${shape.slice(1).join(', ')}] of a sample, but '${part?.name ?? ''}' of the dataset has [${part?.shape.join(', ') ?? ''}].`,
    {
      hint:
        part?.isCategory === true
          ? 'A category has a value for each of its kinds: export the network with as many, or with an input of int64, which takes its number.'
          : 'Choose the dataset that the network is made for, or rename the one or the other.',
    },
  );
}

function missing(
  { name, type, shape }: Value,
  free: readonly PlacedPart[],
  parts: readonly SamplePart[],
): DistilleryError {
  const left = free.length > 0 ? listed(free) : 'nothing';
  return new DistilleryError(
    'UNSUPPORTED',
    `The input '${name}' (${type} [${shape.slice(1).join(', ')}]) takes no part of the dataset: none is called like it, and of ${listed(parts)} there is left ${left}.`,
    {
      hint: 'Call the columns of the table, or the arrays, as the inputs are called, or leave out what no input takes.',
    },
  );
}

function listed(parts: readonly SamplePart[]): string {
  const some = parts.slice(0, NAMED).map(({ name, shape }) => `'${name}' [${shape.join(', ')}]`);
  return `${some.join(', ')}${parts.length > NAMED ? ` and ${parts.length - NAMED} more` : ''}`;
}
