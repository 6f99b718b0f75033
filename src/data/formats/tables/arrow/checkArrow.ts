import { totalmem } from 'node:os';
import { FlatTable } from './flatTable.ts';

/** The first and the last bytes of the file form. */
export const ARROW_MAGIC = 'ARROW1';

const CONTINUATION = -1;
const HEADERS = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const;
const STORED_AS_IT_IS = -1;
const DEEPEST = 32;

/**
 * Checks that what Arrow data say of themselves (https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc)
 * holds within their bytes, so that whoever reads them takes no memory or time for what is not there: counts, lengths, and
 * sizes of what is compressed. The values are not looked at.
 *
 * @throws Error saying what is wrong
 */
export function checkArrow(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unpacked = { bytes: 0 };
  if (!beginsAsFile(bytes)) {
    let at = 0;
    while (at < bytes.length) {
      const next = checkMessage(view, at, unpacked);
      if (next === undefined) return;
      at = next;
    }
    return;
  }
  const end = bytes.length - ARROW_MAGIC.length;
  if (end < 16 || Buffer.from(bytes.subarray(end)).toString('latin1') !== ARROW_MAGIC) throw new Error('it is cut off');
  const length = view.getInt32(end - 4, true);
  if (length <= 0 || length > end - 4) throw new Error('its footer is damaged');
  const footer = new FlatTable(view, end - 4 - length);
  checkFields(footer.table(1));
  for (const field of [2, 3]) {
    const { start, count } = footer.vector(field, 24);
    for (let block = 0; block < count; block++) {
      const at = Number(view.getBigInt64(start + 24 * block, true));
      if (checkMessage(view, at, unpacked) === undefined) throw new Error('a block of it is empty');
    }
  }
}

/** Whether bytes begin as the file form does. */
export function beginsAsFile(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, ARROW_MAGIC.length)).toString('latin1') === ARROW_MAGIC;
}

/** Whether bytes begin as the stream form does, which has no mark of its own: with the length of a schema. */
export function beginsAsStream(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16 || view.getInt32(0, true) !== CONTINUATION) return false;
  const length = view.getInt32(4, true);
  return length > 0 && length < 2 ** 24 && length % 8 === 0;
}

/** @returns where the next message begins; undefined at the end of the stream */
function checkMessage(view: DataView, at: number, unpacked: { bytes: number }): number | undefined {
  let start = at + 4;
  let length = view.getInt32(at, true);
  if (length === CONTINUATION) {
    length = view.getInt32(start, true);
    start += 4;
  }
  if (length === 0) return undefined;
  if (length < 0 || start + length > view.byteLength) throw new Error('it is cut off');
  const head = new DataView(view.buffer, view.byteOffset + start, length);
  const message = new FlatTable(head, 0);
  const bodyStart = start + length;
  const bodyLength = message.int64(3) ?? 0;
  if (bodyLength < 0 || bodyStart + bodyLength > view.byteLength) throw new Error('it is cut off');
  const body = new DataView(view.buffer, view.byteOffset + bodyStart, bodyLength);
  const content = message.table(2);
  switch (message.uint8(1)) {
    case HEADERS.schema:
      checkFields(content);
      break;
    case HEADERS.dictionaryBatch:
      checkBatch(head, content?.table(1), body, unpacked);
      break;
    case HEADERS.recordBatch:
      checkBatch(head, content, body, unpacked);
      break;
    case undefined:
    default:
      throw new Error('it has a message of an unknown kind');
  }
  return bodyStart + bodyLength;
}

/** Checks the fields of a schema, which may hold further fields. */
function checkFields(schema: FlatTable | undefined): void {
  if (!schema) throw new Error('it does not say what its columns are');
  schema.tables(2);
  const checkField = (field: FlatTable, depth: number): void => {
    if (depth > DEEPEST) throw new Error('its columns lie too deep in each other');
    field.tables(6);
    for (const child of field.tables(5)) checkField(child, depth + 1);
  };
  for (const field of schema.tables(1)) checkField(field, 0);
}

function checkBatch(head: DataView, batch: FlatTable | undefined, body: DataView, unpacked: { bytes: number }): void {
  if (!batch) throw new Error('a batch of it is empty');
  const isCompressed = batch.table(3) !== undefined;
  const regions = batch.vector(2, 16);
  let bytes = 0;
  for (let region = 0; region < regions.count; region++) {
    const offset = Number(head.getBigInt64(regions.start + 16 * region, true));
    const length = Number(head.getBigInt64(regions.start + 16 * region + 8, true));
    if (offset < 0 || length < 0 || offset + length > body.byteLength) throw new Error('a column leads out of it');
    const whole = isCompressed && length > 0 ? Number(body.getBigInt64(offset, true)) : STORED_AS_IT_IS;
    if (whole < STORED_AS_IT_IS) throw new Error('a compressed column of it is damaged');
    bytes += whole === STORED_AS_IT_IS ? length : whole;
  }
  unpacked.bytes += bytes;
  if (unpacked.bytes > totalmem() / 2) throw new Error('it would take more than half of the memory');
  const nodes = batch.vector(1, 16);
  const lengths = [batch.int64(0) ?? 0];
  for (let node = 0; node < nodes.count; node++) {
    lengths.push(Number(head.getBigInt64(nodes.start + 16 * node, true)));
  }
  // Every row takes a bit at least.
  if (lengths.some((length) => length < 0 || length > 8 * bytes)) throw new Error('it has fewer values than it says');
  batch.vector(4, 8);
}
