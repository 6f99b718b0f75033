import { open } from 'node:fs/promises';
import { messageOf, BadInputError } from '../../../../errors.ts';
import { throwIfCancelled } from '../../../cancellation.ts';
import { decodeText } from '../../encodings/guessEncoding.ts';
import { pieceDecoder, unicodeForm } from '../../encodings/unicodeForms.ts';
import { pathProblem } from '../../../findings/problems.ts';

const PIECE = 2 ** 20;
const END_OF_FILE = 0x1a;
/** No record of a table or line of JSON is longer than this. */
const LONGEST_RECORD = 2 ** 26;

/** Takes a piece of a file and says how many bytes of it it took; the rest comes again with what follows. */
export type PieceReader = (bytes: Buffer, last: boolean) => number;

interface ReadingOptions {
  readonly signal?: AbortSignal | undefined;
  readonly stop?: () => boolean;
  readonly encoding?: string | undefined;
}

/** Gives the next bytes of a text as UTF-8. */
type Decode = (bytes: Buffer, last: boolean) => Buffer<ArrayBuffer>;

/**
 * Reads a file in pieces of about a megabyte. Byte order marks are dropped, and UTF-16 and UTF-32, which marks or zeros tell, become UTF-8.
 *
 * @param encoding that the file is in, which becomes UTF-8, unless a mark says otherwise; by default bytes stay as they are
 * @param stop asked after every piece; true ends the reading
 * @returns the size of the file in bytes
 * @throws BadInputError when the file cannot be read, or a record of it is longer than 64 MiB
 */
export async function readPieces(
  path: string,
  name: string,
  read: PieceReader,
  { signal, stop, encoding }: ReadingOptions = {},
): Promise<number> {
  const file = await refusing(name, () => open(path));
  try {
    const { size } = await refusing(name, () => file.stat());
    let buffer = Buffer.allocUnsafe(PIECE);
    let held = 0;
    let decode: Decode | undefined;
    for (let first = true, last = false; !last; first = false) {
      throwIfCancelled(signal);
      const target = buffer.subarray(held);
      const { bytesRead } = await refusing(name, () => file.read(target, 0, target.length));
      last = bytesRead === 0;
      let piece = buffer.subarray(0, held + bytesRead);
      if (first) {
        const { form, mark } = unicodeForm(piece);
        decode = decoderFor(form ?? encoding);
        piece = piece.subarray(mark);
      }
      if (decode) {
        // What is held was decoded already.
        const decoded = decode(piece.subarray(first ? 0 : held), last);
        piece = first ? decoded : Buffer.concat([buffer.subarray(0, held), decoded]);
      }
      // DOS ended texts with one, and programs that set a file's size aside with the other.
      while (last && (piece.at(-1) === END_OF_FILE || piece.at(-1) === 0)) piece = piece.subarray(0, -1);
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

/** Undefined for UTF-8, which bytes are already. */
function decoderFor(encoding: string | undefined): Decode | undefined {
  if (encoding === undefined || encoding === 'utf-8') return undefined;
  // A byte is a character there, wherever a piece ends.
  if (encoding === 'windows-1252') return (bytes) => Buffer.from(decodeText(bytes, encoding));
  const decode = pieceDecoder(encoding);
  return (bytes, last) => Buffer.from(decode(bytes, last));
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
