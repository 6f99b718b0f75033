import { zipSync } from 'fflate';

type Cell =
  | string
  | number
  | null
  | { readonly date: number }
  | { readonly duration: number }
  | { readonly error: string }
  | { readonly formula: string };

/** The rows of sheets by their names. */
export type Sheets = Readonly<Record<string, readonly (readonly Cell[])[]>>;

/** A workbook as Excel writes it: texts are kept once, empty cells are left out, dates are numbers of a style. */
export function xlsxFile(sheets: Sheets): Buffer {
  const strings: string[] = [];
  const names = Object.keys(sheets);
  const files: Record<string, string> = {
    'xl/workbook.xml': `<workbook xmlns:r="r"><sheets>${names.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names.map((_, index) => `<Relationship Id="rId${index + 1}" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}</Relationships>`,
    'xl/styles.xml':
      '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/></cellXfs></styleSheet>',
  };
  names.forEach((name, index) => {
    const rows = (sheets[name] ?? []).map((row, rowIndex) => {
      const cells = row.map((cell, column) => {
        const place = `${String.fromCharCode(65 + column)}${rowIndex + 1}`;
        if (cell === null) return '';
        if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
        if (typeof cell === 'string') return `<c r="${place}" t="s"><v>${strings.push(cell) - 1}</v></c>`;
        if ('date' in cell) return `<c r="${place}" s="1"><v>${cell.date}</v></c>`;
        if ('duration' in cell) return `<c r="${place}" s="2"><v>${cell.duration}</v></c>`;
        if ('error' in cell) return `<c r="${place}" t="e"><v>${cell.error}</v></c>`;
        return `<c r="${place}"><f>${cell.formula}</f></c>`;
      });
      return cells.length === 0 ? '' : `<row r="${rowIndex + 1}">${cells.join('')}</row>`;
    });
    files[`xl/worksheets/sheet${index + 1}.xml`] = `<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>`;
  });
  files['xl/sharedStrings.xml'] = `<sst>${strings.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`;
  return zipped(files);
}

/** A workbook as LibreOffice writes it: what is empty at the end is repeated. */
export function odsFile(sheets: Sheets): Buffer {
  const tables = Object.entries(sheets).map(([name, rows]) => {
    const lines = rows.map((row) => {
      const cells = row.map((cell) => {
        if (typeof cell === 'number') {
          return `<table:table-cell office:value-type="float" office:value="${cell}"><text:p>${cell.toFixed(1)}</text:p></table:table-cell>`;
        }
        return typeof cell === 'string'
          ? `<table:table-cell office:value-type="string"><text:p>${cell}</text:p></table:table-cell>`
          : '<table:table-cell/>';
      });
      return `<table:table-row>${cells.join('')}<table:table-cell table:number-columns-repeated="16000"/></table:table-row>`;
    });
    const end =
      '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>';
    return `<table:table table:name="${name}">${lines.join('')}${end}</table:table>`;
  });
  return zipped({
    mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
    'content.xml': `<office:document-content><office:body>${tables.join('')}</office:body></office:document-content>`,
  });
}

function zipped(files: Readonly<Record<string, string>>): Buffer {
  const encoder = new TextEncoder();
  return Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, encoder.encode(content)]))),
  );
}
