import { cutOff, type FileWindow } from './fileWindow.ts';

/** A part of the file that holds the elements of a tensor. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
  /** The field of TensorProto that they are stored in. */
  readonly field: number;
}

export interface StrippedModel {
  /** The model as in the file, without long contents of tensors and without functions. */
  readonly bytes: Uint8Array;
  /** The model's functions, each a FunctionProto. */
  readonly functions: readonly Uint8Array[];
}

type Message = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'function';

/** Messages in messages on the way to tensors, by field. */
const NESTED: Readonly<Record<Message, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
  function: { 7: 'node' },
  tensor: {},
};
/** Fields of a tensor that hold its elements, packed. */
const PAYLOADS = new Set([4, 5, 7, 9, 10, 11]);
/** What is stored in fewer bytes stays: shapes are computed from small tensors. */
const SHORT = 1024;
/** Graphs in graphs; more is no model. */
const DEEPEST = 200;

/** How TensorProto writes entries of `external_data`, and StringStringEntryProto its key and value. */
const EXTERNAL_DATA_TAG = (13 << 3) | 2;
const KEY_TAG = (1 << 3) | 2;
const VALUE_TAG = (2 << 3) | 2;

/**
 * Walks through an ONNX file, of any size, and copies all of it but the long contents of tensors. In place of these a tensor has an entry
 * in its `external_data` with the given key, whose value is `field:offset:length`.
 *
 * @param key that no file can have foreseen
 * @throws DistilleryError `BAD_FILE` when the file is not made of protobuf's fields
 */
export function stripPayloads(file: FileWindow, key: string): StrippedModel {
  const functions: Uint8Array[] = [];
  const walk = (message: Message, start: number, end: number, depth: number): Pieces => {
    if (depth > DEEPEST) throw cutOff();
    const pieces = new Pieces();
    let at = start;
    while (at < end) {
      const fieldStart = at;
      const tag = readVarint(file, at);
      at = tag.end;
      const field = Math.floor(tag.value / 8);
      const wire = tag.value % 8;
      if (wire !== 2) {
        at += wire === 0 ? readVarint(file, at).end - at : wire === 1 ? 8 : wire === 5 ? 4 : Number.NaN;
        if (field === 0 || !(at <= end)) throw cutOff();
        pieces.add(file.bytes(fieldStart, at - fieldStart).slice());
        continue;
      }
      const length = readVarint(file, at);
      const content = length.end;
      at = content + length.value;
      if (field === 0 || at > end) throw cutOff();
      const nested = NESTED[message][field];
      if (message === 'tensor' && PAYLOADS.has(field) && length.value > SHORT) {
        pieces.addAll(stretchEntry(key, { field, offset: content, length: length.value }));
      } else if (nested === 'function') {
        functions.push(walk(nested, content, at, depth + 1).joined());
      } else if (nested && length.value > SHORT) {
        const inner = walk(nested, content, at, depth + 1);
        pieces.add(varint(tag.value));
        pieces.add(varint(inner.length));
        pieces.addAll(inner);
      } else {
        pieces.add(file.bytes(fieldStart, at - fieldStart).slice());
      }
    }
    return pieces;
  };
  return { bytes: walk('model', 0, file.size, 0).joined(), functions };
}

/** The stretch that the entry of `external_data` with `key` stands for. */
export function parseStretch(value: string): Stretch | undefined {
  const [field, offset, length] = value.split(':').map(Number);
  return field !== undefined && offset !== undefined && length !== undefined ? { field, offset, length } : undefined;
}

/** Bytes in parts, to be joined once. */
class Pieces {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  add(part: Uint8Array): void {
    this.#parts.push(part);
    this.length += part.length;
  }

  addAll(others: Pieces): void {
    for (const part of others.#parts) this.add(part);
  }

  joined(): Uint8Array {
    return Buffer.concat(this.#parts, this.length);
  }
}

function stretchEntry(key: string, { field, offset, length }: Stretch): Pieces {
  const text = new TextEncoder();
  const keyBytes = text.encode(key);
  const valueBytes = text.encode(`${field}:${offset}:${length}`);
  const entry = new Pieces();
  for (const [tag, bytes] of [
    [KEY_TAG, keyBytes],
    [VALUE_TAG, valueBytes],
  ] as const) {
    entry.add(varint(tag));
    entry.add(varint(bytes.length));
    entry.add(bytes);
  }
  const pieces = new Pieces();
  pieces.add(varint(EXTERNAL_DATA_TAG));
  pieces.add(varint(entry.length));
  pieces.addAll(entry);
  return pieces;
}

/** An unsigned number in protobuf's form; negative ones take ten bytes, whose value nobody needs here. */
function readVarint(file: FileWindow, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  const bytes = file.bytes(start, Math.min(10, file.size - start));
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    value += (byte % 128) * 2 ** (7 * index);
    if (byte < 128) return { value, end: start + index + 1 };
  }
  throw cutOff();
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.from([...bytes, rest]);
}
