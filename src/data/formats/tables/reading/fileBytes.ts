import { open } from 'node:fs/promises';
import { messageOf, BadInputError } from '../../../../errors.ts';
import { throwIfCancelled } from '../../../cancellation.ts';
import { pathProblem } from '../../../findings/problems.ts';

const PIECE = 2 ** 20;
/** No record of a table or line of JSON is longer than this. */
export const LONGEST_RECORD = 2 ** 26;

/** Takes a piece of a file and says how many bytes of it it took; the rest comes again with what follows. */
export type PieceReader = (bytes: Buffer, last: boolean) => number;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * Reads a file in pieces of about a megabyte. Byte order marks are dropped, and UTF-16, which only its mark tells, becomes UTF-8.
 *
 * @param stop asked after every piece; true ends the reading
 * @returns the size of the file in bytes
 * @throws BadInputError when the file cannot be read, or a record of it is longer than 64 MiB
 */
export async function readPieces(
  path: string,
  name: string,
  read: PieceReader,
  { signal, stop }: { readonly signal?: AbortSignal | undefined; readonly stop?: () => boolean } = {},
): Promise<number> {
  const file = await refusing(name, () => open(path));
  try {
    const { size } = await refusing(name, () => file.stat());
    let buffer = Buffer.allocUnsafe(PIECE);
    let held = 0;
    let decoder: InstanceType<typeof TextDecoder> | undefined;
    for (let first = true, last = false; !last; first = false) {
      throwIfCancelled(signal);
      const target = buffer.subarray(held);
      const { bytesRead } = await refusing(name, () => file.read(target, 0, target.length));
      last = bytesRead === 0;
      let piece = buffer.subarray(0, held + bytesRead);
      if (first) {
        const { encoding, mark } = markOf(piece);
        if (encoding !== 'utf-8') decoder = new TextDecoder(encoding);
        piece = piece.subarray(mark);
      }
      if (decoder) {
        // What is held was decoded already.
        const decoded = Buffer.from(decoder.decode(piece.subarray(first ? 0 : held), { stream: !last }));
        piece = first ? decoded : Buffer.concat([buffer.subarray(0, held), decoded]);
      }
      const taken = read(piece, last);
      if (stop?.() === true) break;
      held = piece.length - taken;
      if (held > LONGEST_RECORD) {
        throw new BadInputError([
          pathProblem(`${name} has a record of more than 64 MiB.`, 'Is a quotation mark never closed?'),
        ]);
      }
      const rest = piece.subarray(taken);
      if (held + PIECE / 2 > buffer.length) {
        const longer = Buffer.allocUnsafe(2 * (held + PIECE));
        rest.copy(longer);
        buffer = longer;
      } else rest.copy(buffer);
    }
    return size;
  } finally {
    await file.close();
  }
}

function markOf(bytes: Buffer): { readonly encoding: Encoding; readonly mark: number } {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  return { encoding: unmarkedEncoding(bytes), mark: 0 };
}

/** UTF-16 without a mark has a zero beside every character of plain text. */
function unmarkedEncoding(bytes: Buffer): Encoding {
  const sample = bytes.subarray(0, 2 ** 10);
  const zeros = [0, 0];
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = 0.4 * (sample.length / 2);
  if (odd > many && even === 0) return 'utf-16le';
  return even > many && odd === 0 ? 'utf-16be' : 'utf-8';
}

async function refusing<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new BadInputError([
      pathProblem(`${name} cannot be read: ${messageOf(error)}.`, 'Check the file and its permissions.'),
    ]);
  }
}
