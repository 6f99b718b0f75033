import { dateText, durationText, timeFormat } from './spreadsheetDates.ts';
import { SheetFile, type SheetCell } from './sheetFile.ts';
import { attribute, type XmlReader, type XmlTag, type ZippedXml } from './zippedXml.ts';

/** Columns that a sheet has at most. */
const WIDEST = 16_384;

interface ListedSheet {
  readonly name: string;
  readonly target: string;
  readonly isHidden: boolean;
}

/**
 * Writes the sheets of an Excel workbook as delimited text, those that are hidden only where they are wanted.
 *
 * @param folder that the texts are written to
 * @param fileName what messages call them
 * @throws Error when the workbook is damaged
 */
export async function readXlsx(
  book: ZippedXml,
  folder: (sheet: number) => string,
  fileName: string,
  wanted: string | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly SheetFile[]> {
  const { sheets, since1904 } = await listSheets(book, signal);
  const strings = await readStrings(book, signal);
  const dates = await dateStyles(book, signal);
  const files: SheetFile[] = [];
  for (const [index, { name, target, isHidden }] of sheets.entries()) {
    if (isHidden && name !== wanted) continue;
    const file = new SheetFile(name, folder(index), fileName);
    try {
      await book.read(target, new XlsxSheet(file, { strings, dates, since1904 }), signal);
    } finally {
      await file.close();
    }
    files.push(file);
  }
  return files;
}

async function listSheets(book: ZippedXml, signal: AbortSignal | undefined) {
  const targets = new Map<string, string>();
  await book.read(
    'xl/_rels/workbook.xml.rels',
    {
      open: (tag) => {
        if (localName(tag.name) !== 'Relationship') return;
        const target = attribute(tag, 'Target') ?? '';
        targets.set(attribute(tag, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
      },
    },
    signal,
  );
  const sheets: ListedSheet[] = [];
  let since1904 = false;
  await book.read(
    'xl/workbook.xml',
    {
      open: (tag) => {
        const name = localName(tag.name);
        if (name === 'workbookPr') since1904 = /^(?:1|true)$/.test(attribute(tag, 'date1904') ?? '');
        if (name !== 'sheet') return;
        const id = Object.entries(tag.attributes).find(([key]) => localName(key) === 'id')?.[1] ?? '';
        const target = targets.get(id);
        // A chart has a sheet of its own.
        if (target === undefined || !/worksheets\//.test(target)) return;
        const isHidden = (attribute(tag, 'state') ?? 'visible') !== 'visible';
        sheets.push({ name: attribute(tag, 'name') ?? '', target, isHidden });
      },
    },
    signal,
  );
  return { sheets, since1904 };
}

async function readStrings(book: ZippedXml, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const strings: string[] = [];
  let text = '';
  let isText = false;
  let isPhonetic = false;
  await book.read(
    'xl/sharedStrings.xml',
    {
      open: ({ name }) => {
        const local = localName(name);
        if (local === 'si') text = '';
        if (local === 'rPh') isPhonetic = true;
        isText = local === 't' && !isPhonetic;
      },
      text: (piece) => {
        if (isText) text += piece;
      },
      close: (name) => {
        const local = localName(name);
        if (local === 'si') strings.push(text);
        if (local === 'rPh') isPhonetic = false;
        if (local === 't') isText = false;
      },
    },
    signal,
  );
  return strings;
}

/** Whether cells of each style are dates or durations. */
async function dateStyles(
  book: ZippedXml,
  signal: AbortSignal | undefined,
): Promise<readonly ReturnType<typeof timeFormat>[]> {
  const formats = new Map<number, string>();
  const styles: ReturnType<typeof timeFormat>[] = [];
  let isCell = false;
  await book.read(
    'xl/styles.xml',
    {
      open: (tag) => {
        const name = localName(tag.name);
        if (name === 'numFmt') formats.set(Number(attribute(tag, 'numFmtId')), attribute(tag, 'formatCode') ?? '');
        if (name === 'cellXfs') isCell = true;
        if (name === 'xf' && isCell) {
          const id = Number(attribute(tag, 'numFmtId') ?? 0);
          styles.push(timeFormat(id, formats.get(id)));
        }
      },
      close: (name) => {
        if (localName(name) === 'cellXfs') isCell = false;
      },
    },
    signal,
  );
  return styles;
}

interface BookContents {
  readonly strings: readonly string[];
  readonly dates: readonly ReturnType<typeof timeFormat>[];
  readonly since1904: boolean;
}

/** Writes down what a sheet says, element by element. */
class XlsxSheet implements XmlReader {
  readonly #file: SheetFile;
  readonly #book: BookContents;
  #cells: SheetCell[] = [];
  #row = 0;
  #column = 0;
  /** Of the cell, as its attributes `t` and `s` say. */
  #type = 'n';
  #style = 0;
  #content = '';
  #hasValue = false;
  #hasFormula = false;
  #isContent = false;

  constructor(file: SheetFile, book: BookContents) {
    this.#file = file;
    this.#book = book;
  }

  readonly open = (tag: XmlTag): void => {
    switch (localName(tag.name)) {
      case 'row':
        this.#row = Number(attribute(tag, 'r') ?? this.#row + 1);
        this.#cells = [];
        this.#column = 0;
        break;
      case 'c':
        this.#beginCell(tag);
        break;
      case 'f':
        this.#hasFormula = true;
        break;
      case 'v':
      case 't':
        this.#isContent = true;
        this.#hasValue = true;
        break;
      case 'mergeCell':
        this.#file.countMerged(Number(/\d+/.exec(attribute(tag, 'ref') ?? '')?.[0] ?? 0));
        break;
      default:
    }
  };

  readonly text = (piece: string): void => {
    if (this.#isContent) this.#content += piece;
  };

  readonly close = (name: string): void => {
    switch (localName(name)) {
      case 'v':
      case 't':
        this.#isContent = false;
        break;
      case 'c':
        this.#cells[this.#column - 1] = this.#valueOfCell();
        break;
      case 'row':
        this.#file.put(this.#row, Array.from(this.#cells));
        break;
      default:
    }
  };

  #beginCell(tag: XmlTag): void {
    this.#column = columnOf(attribute(tag, 'r')) ?? this.#column + 1;
    if (this.#column > WIDEST) throw new Error('a sheet of it is wider than sheets can be');
    this.#type = attribute(tag, 't') ?? 'n';
    this.#style = Number(attribute(tag, 's') ?? 0);
    this.#content = '';
    this.#hasValue = false;
    this.#hasFormula = false;
  }

  #valueOfCell(): SheetCell {
    if (!this.#hasValue || (this.#content === '' && this.#hasFormula)) {
      if (this.#hasFormula) this.#file.uncomputed++;
      return undefined;
    }
    const { strings, dates, since1904 } = this.#book;
    switch (this.#type) {
      case 's':
        return strings[Number(this.#content)];
      case 'b':
        return this.#content === '1' ? 'true' : 'false';
      case 'e':
        this.#file.failed++;
        return undefined;
      case 'n':
        return numberText(this.#content, dates[this.#style], since1904);
      default:
        return this.#content;
    }
  }
}

/** The number of the column in a place such as `AB12`, from 1. */
function columnOf(place: string | undefined): number | undefined {
  const letters = /^[A-Z]+/.exec(place ?? '')?.[0];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = 26 * column + letter.charCodeAt(0) - 64;
  return column;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** What a stored number says in a cell of this format. */
function numberText(content: string, format: ReturnType<typeof timeFormat>, since1904: boolean): string {
  if (format === undefined) return content;
  return format === 'date' ? dateText(Number(content), since1904) : durationText(Number(content));
}
