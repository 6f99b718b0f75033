import type { RecordSink } from './scanDelimited.ts';

const BLANK = 0x20;
const TAB = 0x09;

/** Records that hold nothing but the names of the columns, as files that were put one behind the other have them: they are counted, and are no rows. */
export class RepeatedNames {
  readonly #names: readonly Buffer[];
  #count = 0;
  #firstLine = 0;

  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name));
  }

  /**
   * A sink of a file that passes on all other records.
   *
   * @param linesBefore lines of the files before it
   * @param isRow whether records count as rows, which those that name the columns at first do not
   */
  without(sink: RecordSink, linesBefore: number, isRow: () => boolean): RecordSink {
    /** The cells of a record so far, where all of them were the names of their columns. */
    const held: Buffer[] = [];
    let isOfNames = true;
    const passOn = (): void => {
      isOfNames = false;
      held.forEach((cell, column) => {
        sink.cell(column, cell, 0, cell.length);
      });
      held.length = 0;
    };
    const begin = (): void => {
      isOfNames = true;
      held.length = 0;
    };
    return {
      cell: (column, bytes, start, end) => {
        if (isOfNames) {
          if (isRow() && this.#isName(column, bytes, start, end)) {
            // The bytes are only lent.
            held.push(Buffer.from(bytes.subarray(start, end)));
            return;
          }
          passOn();
        }
        sink.cell(column, bytes, start, end);
      },
      record: (cells, line) => {
        if (isOfNames && held.length === this.#names.length && cells === held.length) {
          if (this.#count++ === 0) this.#firstLine = line + linesBefore;
        } else {
          if (isOfNames) passOn();
          sink.record(cells, line);
        }
        begin();
      },
      damage: (line, message) => {
        begin();
        sink.damage(line, message);
      },
    };
  }

  /** What is to be known of them. */
  notes(file: string): readonly string[] {
    if (this.#count === 0) return [];
    return [
      `${file} names its columns again in ${this.#count} lines, line ${this.#firstLine} first, which are no rows.`,
    ];
  }

  #isName(column: number, bytes: Buffer, start: number, end: number): boolean {
    const name = this.#names[column];
    if (!name || name.length === 0 || end - start < name.length) return false;
    let [first, last] = [start, end];
    while (first < last && isBlank(bytes[first])) first++;
    while (last > first && isBlank(bytes[last - 1])) last--;
    return last - first === name.length && bytes.compare(name, 0, name.length, first, last) === 0;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === BLANK || byte === TAB;
}
