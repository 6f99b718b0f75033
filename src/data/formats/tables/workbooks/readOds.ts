import { SheetFile, type SheetCell } from './sheetFile.ts';
import { attribute, type XmlTag, type XmlReader, type ZippedXml } from './zippedXml.ts';

/** Columns and rows that a sheet has at most. */
const WIDEST = 16_384;
const LONGEST = 2 ** 20;

/**
 * Writes the sheets of an OpenDocument workbook as delimited text.
 *
 * @param folder that the text of a sheet is written to
 * @param fileName what messages call them
 * @throws Error when the workbook is damaged
 */
export async function readOds(
  book: ZippedXml,
  folder: (sheet: number) => string,
  fileName: string,
  signal: AbortSignal | undefined,
): Promise<readonly SheetFile[]> {
  const sheets = new OdsSheets(folder, fileName);
  try {
    await book.read('content.xml', sheets, signal);
  } finally {
    for (const each of sheets.files) await each.close();
  }
  return sheets.files;
}

/** Writes down what the contents of a workbook say, element by element. */
class OdsSheets implements XmlReader {
  readonly files: SheetFile[] = [];
  readonly #folder: (sheet: number) => string;
  readonly #fileName: string;
  /** Rows of the sheet that are read. */
  #row = 0;
  #rowRepeats = 1;
  /** Of the row, up to the last that holds something. */
  #cells: SheetCell[] = [];
  /** Empty ones behind them: files repeat these up to the last column there can be. */
  #emptyCells = 0;
  #cellRepeats = 1;
  #stored: string | undefined;
  #paragraphs: string[] = [];
  #isText = false;
  #isComment = false;

  constructor(folder: (sheet: number) => string, fileName: string) {
    this.#folder = folder;
    this.#fileName = fileName;
  }

  readonly open = (tag: XmlTag): void => {
    switch (tag.name) {
      case 'table:table': {
        const name = attribute(tag, 'table:name') ?? '';
        this.files.push(new SheetFile(name, this.#folder(this.files.length), this.#fileName));
        this.#row = 0;
        break;
      }
      case 'table:table-row':
        this.#rowRepeats = repeats(attribute(tag, 'table:number-rows-repeated'));
        this.#cells = [];
        this.#emptyCells = 0;
        break;
      case 'table:table-cell':
      case 'table:covered-table-cell':
        this.#cellRepeats = repeats(attribute(tag, 'table:number-columns-repeated'));
        this.#stored = storedValue(tag.attributes);
        this.#paragraphs = [];
        if (Number(attribute(tag, 'table:number-columns-spanned') ?? 1) > 1) this.#file?.countMerged(this.#row + 1);
        break;
      case 'office:annotation':
        this.#isComment = true;
        break;
      case 'text:p':
        this.#isText = !this.#isComment;
        if (this.#isText) this.#paragraphs.push('');
        break;
      default:
    }
  };

  readonly text = (piece: string): void => {
    if (this.#isText) this.#paragraphs.push((this.#paragraphs.pop() ?? '') + piece);
  };

  readonly close = (name: string): void => {
    switch (name) {
      case 'text:p':
        this.#isText = false;
        break;
      case 'office:annotation':
        this.#isComment = false;
        break;
      case 'table:table-cell':
      case 'table:covered-table-cell':
        this.#endCell();
        break;
      case 'table:table-row':
        this.#endRow();
        break;
      default:
    }
  };

  get #file(): SheetFile | undefined {
    return this.files.at(-1);
  }

  #endCell(): void {
    const shown = this.#paragraphs.join(' ');
    const isError = /^(?:#[A-Z/0]+[!?]?|Err:\d+)$/.test(shown);
    if (isError && this.#file) this.#file.failed++;
    const value = isError ? undefined : (this.#stored ?? shown);
    if ((value ?? '') === '') {
      this.#emptyCells += this.#cellRepeats;
      return;
    }
    const width = this.#cells.length + this.#emptyCells + this.#cellRepeats;
    if (width > WIDEST) throw new Error('a sheet of it is wider than sheets can be');
    for (; this.#emptyCells > 0; this.#emptyCells--) this.#cells.push(undefined);
    while (this.#cells.length < width) this.#cells.push(value);
  }

  #endRow(): void {
    if (this.#cells.length > 0) {
      if (this.#row + this.#rowRepeats > LONGEST) throw new Error('a sheet of it is longer than sheets can be');
      for (let at = 1; at <= this.#rowRepeats; at++) this.#file?.put(this.#row + at, this.#cells);
    }
    this.#row += this.#rowRepeats;
  }
}

function repeats(text: string | undefined): number {
  return Math.max(1, Number(text ?? 1) || 1);
}

/** What a cell holds where that is no text: the number and not how it is shown. */
function storedValue(attributes: Readonly<Record<string, string>>): string | undefined {
  switch (attributes['office:value-type']) {
    case 'float':
    case 'percentage':
    case 'currency':
      return attributes['office:value'];
    case 'date':
      return attributes['office:date-value'];
    case 'boolean':
      return attributes['office:boolean-value'];
    case 'time':
      return attributes['office:time-value']?.replace(/^PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S$/, '$1:$2:$3');
    case undefined:
    default:
      return undefined;
  }
}
