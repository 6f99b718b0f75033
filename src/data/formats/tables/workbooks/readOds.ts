import { SheetFile, type SheetCell } from './sheetFile.ts';
import { attribute, type ZippedXml } from './zippedXml.ts';

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
  const files: SheetFile[] = [];
  let file: SheetFile | undefined;
  let row = 0;
  let rowRepeats = 1;
  let cells: SheetCell[] = [];
  let cellRepeats = 1;
  let stored: string | undefined;
  let isText = false;
  let paragraphs: string[] = [];
  let isComment = false;
  const repeats = (text: string | undefined): number => Math.max(1, Number(text ?? 1) || 1);
  try {
    await book.read(
      'content.xml',
      {
        open: (tag) => {
          switch (tag.name) {
            case 'table:table':
              file = new SheetFile(attribute(tag, 'table:name') ?? '', folder(files.length), fileName);
              files.push(file);
              row = 0;
              break;
            case 'table:table-row':
              rowRepeats = repeats(attribute(tag, 'table:number-rows-repeated'));
              cells = [];
              break;
            case 'table:table-cell':
            case 'table:covered-table-cell':
              cellRepeats = repeats(attribute(tag, 'table:number-columns-repeated'));
              stored = storedValue(tag.attributes);
              paragraphs = [];
              if (file && Number(attribute(tag, 'table:number-columns-spanned') ?? 1) > 1) file.countMerged(row + 1);
              break;
            case 'office:annotation':
              isComment = true;
              break;
            case 'text:p':
              isText = !isComment;
              if (isText) paragraphs.push('');
              break;
            default:
          }
        },
        text: (piece) => {
          if (isText) paragraphs.push((paragraphs.pop() ?? '') + piece);
        },
        close: (name) => {
          switch (name) {
            case 'text:p':
              isText = false;
              break;
            case 'office:annotation':
              isComment = false;
              break;
            case 'table:table-cell':
            case 'table:covered-table-cell': {
              const shown = paragraphs.join(' ');
              const isError = /^(?:#[A-Z/0]+[!?]?|Err:\d+)$/.test(shown);
              if (isError && file) file.failed++;
              const value = isError ? undefined : (stored ?? shown);
              const isEmpty = (value ?? '') === '';
              // Empty cells are repeated up to the last column there can be.
              if (!isEmpty && cells.length + cellRepeats > WIDEST)
                throw new Error('a sheet of it is wider than sheets can be');
              for (let at = 0; at < Math.min(cellRepeats, WIDEST - cells.length); at++) cells.push(value);
              break;
            }
            case 'table:table-row': {
              const isEmpty = cells.every((cell) => (cell ?? '') === '');
              if (!isEmpty) {
                if (row + rowRepeats > LONGEST) throw new Error('a sheet of it is longer than sheets can be');
                for (let at = 1; at <= rowRepeats; at++) file?.put(row + at, cells);
              }
              row += rowRepeats;
              break;
            }
            default:
          }
        },
      },
      signal,
    );
  } finally {
    for (const each of files) await each.close();
  }
  return files;
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
