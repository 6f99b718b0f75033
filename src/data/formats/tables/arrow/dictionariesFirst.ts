import { ARROW_MAGIC, beginsAsFile } from './checkArrow.ts';
import { FlatTable } from './flatTable.ts';

/** A message with what belongs to it, and where the footer says where it lies. */
interface Block {
  readonly start: number;
  readonly end: number;
  readonly toldAt: number;
}

const BLOCK_BYTES = 24;
const FOOTER = { dictionaries: 2, records: 3 } as const;

/**
 * Arrow data whose dictionaries lie before the rows that need them, as readers that go from the beginning want it. In the file form, whose
 * footer says where all lie, they may come later, as polars writes them; then they change places.
 *
 * @param bytes that `checkArrow` has nothing against
 * @throws Error when the footer is damaged
 */
export function dictionariesFirst(bytes: Buffer): Buffer {
  if (!beginsAsFile(bytes)) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - ARROW_MAGIC.length - 4;
  const footerStart = end - view.getInt32(end, true);
  const footer = new FlatTable(view, footerStart);
  const dictionaries = blocksOf(view, footer, FOOTER.dictionaries);
  const records = blocksOf(view, footer, FOOTER.records);
  const firstRecord = Math.min(...records.map(({ start }) => start));
  if (!dictionaries.some(({ start }) => start > firstRecord)) return bytes;
  const blocks = [...dictionaries, ...records];
  const length = blocks.reduce((sum, block) => sum + block.end - block.start, 0);
  if (length > bytes.length || blocks.some(({ start }) => start < 0)) throw new Error('its footer is damaged');
  const first = Math.min(...blocks.map(({ start }) => start));
  const parts = blocks.map((block) => bytes.subarray(block.start, block.end));
  const moved = Buffer.concat([bytes.subarray(0, first), ...parts, bytes.subarray(footerStart)]);
  const movedFooter = moved.length - (bytes.length - footerStart);
  let at = first;
  for (const block of blocks) {
    moved.writeBigInt64LE(BigInt(at), movedFooter + block.toldAt - footerStart);
    at += block.end - block.start;
  }
  return moved;
}

function blocksOf(view: DataView, footer: FlatTable, field: number): readonly Block[] {
  const { start, count } = footer.vector(field, BLOCK_BYTES);
  return Array.from({ length: count }, (_, index) => {
    const toldAt = start + BLOCK_BYTES * index;
    const from = Number(view.getBigInt64(toldAt, true));
    const length = view.getInt32(toldAt + 8, true) + Number(view.getBigInt64(toldAt + 16, true));
    return { start: from, end: from + length, toldAt };
  });
}
