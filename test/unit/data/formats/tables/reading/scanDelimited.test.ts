import assert from 'node:assert/strict';
import { DelimitedScanner } from '../../../../../../src/data/formats/tables/reading/scanDelimited.ts';

interface Scanned {
  readonly records: string[][];
  readonly lines: number[];
  readonly damage: string[];
}

/** Scans a text in pieces of `size` bytes, as a file reader does: what was not taken comes again with what follows. */
function scan(text: string, { size = 1 << 20, delimiter = ',', quotes = true } = {}): Scanned {
  const records: string[][] = [];
  const lines: number[] = [];
  const damage: string[] = [];
  let record: string[] = [];
  const scanner = new DelimitedScanner(
    { delimiter: delimiter.charCodeAt(0), quotes },
    {
      cell: (column, bytes, start, end) => {
        if (column === 0) record = [];
        record[column] = bytes.toString('utf8', start, end);
      },
      record: (cells, line) => {
        records.push(record.slice(0, cells));
        lines.push(line);
      },
      damage: (line, message) => damage.push(`${line} ${message}`),
    },
  );
  const bytes = Buffer.from(text);
  let held = Buffer.alloc(0);
  for (let at = 0; ; at += size) {
    const last = at >= bytes.length;
    const piece = Buffer.concat([held, bytes.subarray(at, at + size)]);
    held = Buffer.from(piece.subarray(scanner.scan(piece, last)));
    if (last) break;
  }
  return { records, lines, damage };
}

describe('delimited scanner', () => {
  it('reads quoted cells with delimiters, doubled quotes and line ends', () => {
    const { records, lines } = scan('a,b\n"1,5","say ""no"""\n"two\nlines",x\ny,z');
    assert.deepEqual(records, [
      ['a', 'b'],
      ['1,5', 'say "no"'],
      ['two\nlines', 'x'],
      ['y', 'z'],
    ]);
    assert.deepEqual(lines, [1, 2, 3, 5]);
  });

  it('knows every line end and leaves out empty lines', () => {
    const { records, lines } = scan('a,b\r\n\r\n1,2\r3,\n\n');
    assert.deepEqual(records, [
      ['a', 'b'],
      ['1', '2'],
      ['3', ''],
    ]);
    assert.deepEqual(lines, [1, 3, 4]);
  });

  it('finds the same in pieces of any size', () => {
    const text = 'a,"b ""c""",d\r\n"1\r\n2",,3\n\n4,5,"6"\r\n"""",é,"ü"';
    const whole = scan(text);
    for (let size = 1; size < 20; size++) assert.deepEqual(scan(text, { size }), whole, `pieces of ${size}`);
    assert.equal(whole.records.length, 4);
  });

  it('takes quotation marks as they are where cells are not quoted', () => {
    assert.deepEqual(scan('"Fine"\tshe said\t"', { delimiter: '\t', quotes: false }).records, [
      ['"Fine"', 'she said', '"'],
    ]);
  });

  it('says where a quotation mark is not closed or text follows one', () => {
    assert.deepEqual(scan('a,b\n"c,d\ne').damage, ['2 has a quotation mark that is never closed']);
    assert.deepEqual(scan('a,b\n"c"x,d\n').damage, ['2 has text behind a closing quotation mark']);
  });
});
