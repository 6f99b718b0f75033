import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SheetFile } from '../../../../../../src/data/formats/tables/workbooks/sheetFile.ts';
import { readOds } from '../../../../../../src/data/formats/tables/workbooks/readOds.ts';
import type { XmlReader, ZippedXml } from '../../../../../../src/data/formats/tables/workbooks/zippedXml.ts';

/** A row of cells that are each repeated. */
type Row = readonly (readonly [text: string, times: number])[];

describe('readOds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'distillery-ods-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** The sheet of a workbook whose contents have these rows. */
  const read = async (rows: readonly Row[]): Promise<SheetFile> => {
    const tell = ({ open, text, close }: XmlReader): void => {
      const element = (name: string, attributes: Record<string, string>, inner: () => void = () => undefined): void => {
        open?.({ name, attributes, isSelfClosing: false });
        inner();
        close?.(name);
      };
      element('table:table', { 'table:name': 'One' }, () => {
        for (const cells of rows) {
          element('table:table-row', {}, () => {
            for (const [shown, times] of cells) {
              element('table:table-cell', { 'table:number-columns-repeated': String(times) }, () => {
                if (shown !== '') element('text:p', {}, () => text?.(shown));
              });
            }
          });
        }
      });
    };
    const book = {
      read: (_name: string, reader: XmlReader) => {
        tell(reader);
        return Promise.resolve();
      },
    };
    mkdirSync(folder, { recursive: true });
    const [sheet] = await readOds(book as unknown as ZippedXml, () => folder, 'book.csv', undefined);
    return sheet ?? assert.fail('There is no sheet.');
  };

  it('repeats a value over as many columns as it says, and leaves out what is empty behind the last', async () => {
    const { path, width } = await read([
      [
        ['', 2],
        ['1', 9000],
        ['', 7000],
      ],
    ]);
    assert.equal(width, 9002);
    assert.equal(readFileSync(path, 'latin1'), `,,${Array<string>(9000).fill('1').join(',')}\n`);
  });

  it('refuses sheets that are wider than sheets can be', async () => {
    await assert.rejects(
      read([
        [
          ['', 16_000],
          ['1', 385],
        ],
      ]),
      /wider than sheets can be/,
    );
  });
});
