import { open } from 'node:fs/promises';
import { BadInputError } from '../../../../errors.ts';
import { maskedChecksum } from '../../../../platform/framedRecord.ts';
import { throwIfCancelled } from '../../../cancellation.ts';
import { pathProblem } from '../../../findings/problems.ts';

/** Length and its checksum; the checksum behind the data. */
const [HEADER, FOOTER] = [12, 4];
const PIECE = 2 ** 22;

/** Whether bytes begin with the length of a record and its checksum. */
export function beginsAsRecord(beginning: Uint8Array): boolean {
  if (beginning.length < HEADER) return false;
  const view = new DataView(beginning.buffer, beginning.byteOffset, HEADER);
  return view.getUint32(8, true) === maskedChecksum(beginning.subarray(0, 8));
}

/**
 * Reads the records of a file one after the other.
 *
 * @param take a record, and its number from 1; its bytes are not kept
 * @throws BadInputError naming the record where the file is damaged or cut off
 */
export async function readRecords(
  path: string,
  name: string,
  take: (data: Uint8Array, number: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const damaged = (number: number, what: string): BadInputError =>
    new BadInputError([pathProblem(`Record ${number} of ${name} ${what}.`, 'Copy or download the file again.')]);
  const file = await open(path);
  try {
    const { size } = await file.stat();
    let held = Buffer.alloc(0);
    let position = 0;
    const ensure = async (length: number): Promise<boolean> => {
      if (held.length >= length) return true;
      throwIfCancelled(signal);
      if (position + length - held.length > size) return false;
      const more = Buffer.allocUnsafe(Math.min(Math.max(PIECE, length - held.length), size - position));
      const { bytesRead } = await file.read(more, 0, more.length, position);
      position += bytesRead;
      held = Buffer.concat([held, more.subarray(0, bytesRead)]);
      return held.length >= length;
    };
    for (let number = 1; await ensure(1); number++) {
      if (!(await ensure(HEADER))) throw damaged(number, 'is cut off');
      if (!beginsAsRecord(held)) throw damaged(number, 'has a length that its checksum does not fit');
      const length = Number(held.readBigUInt64LE(0));
      if (!(await ensure(HEADER + length + FOOTER))) throw damaged(number, 'is cut off');
      const data = held.subarray(HEADER, HEADER + length);
      if (held.readUInt32LE(HEADER + length) !== maskedChecksum(data)) {
        throw damaged(number, 'has data that their checksum does not fit');
      }
      take(data, number);
      held = held.subarray(HEADER + length + FOOTER);
    }
  } finally {
    await file.close();
  }
}
