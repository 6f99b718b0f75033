import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import { BadInputError, type Problem } from '../../../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../../../findings/problems.ts';
import { readLines } from '../reading/readLines.ts';
import type { JsonRecord } from '../reading/readJsonLines.ts';
import { recordsTable } from '../reading/recordsTable.ts';
import type { TableKind } from '../reading/tableKind.ts';
import { decodeWindows1252 } from '../../windows1252.ts';

type Attribute =
  | { readonly kind: 'number' | 'text'; readonly name: string }
  | { readonly kind: 'nominal'; readonly name: string; readonly values: readonly string[] };

interface ArffRows {
  readonly records: readonly JsonRecord[];
  readonly remarks: readonly string[];
}

/** Weka's attribute-relation files, dense or sparse. */
export const arffFiles: TableKind = {
  format: 'ARFF',
  ending: /\.arff$/i,
  beginsAs: (beginning) => /^(?:\s*%[^\n]*\n|\s*\n)*\s*@relation\b/i.test(beginning.toString('latin1')),
  open: async (path, _wanted, signal) => {
    const file = basename(path);
    const { records, remarks } = await readArff(path, signal);
    return {
      training: (storage) =>
        Promise.resolve().then(() => {
          const table = recordsTable(file, records, storage);
          return { ...table, remarks: [...remarks, ...table.remarks] };
        }),
    };
  },
};

/** @throws BadInputError naming every line that is wrong */
async function readArff(path: string, signal: AbortSignal | undefined): Promise<ArffRows> {
  const file = basename(path);
  const attributes: Attribute[] = [];
  const records: JsonRecord[] = [];
  const problems: Problem[] = [];
  let isData = false;
  let latinLine: number | undefined;
  const readLine = (bytes: Buffer, line: number): void => {
    const isOther = !isUtf8(bytes);
    if (isOther) latinLine ??= line;
    const text = (isOther ? decodeWindows1252(bytes) : bytes.toString()).trim();
    if (text === '' || text.startsWith('%')) return;
    try {
      if (isData)
        records.push({ line, fields: text.startsWith('{') ? sparseRow(text, attributes) : denseRow(text, attributes) });
      else if (/^@attribute\b/i.test(text)) attributes.push(attributeOf(text));
      else if (/^@data\b/i.test(text)) isData = true;
      else if (!/^@relation\b/i.test(text)) throw new Error('is neither @attribute nor @data');
    } catch (error) {
      problems.push(
        pathProblem(
          `Line ${line} of ${file} ${error instanceof Error ? error.message : 'is damaged'}.`,
          'ARFF has a line @attribute NAME TYPE for every column, @data, and a line for every row.',
        ),
      );
    }
  };
  await readLines(path, file, readLine, signal);
  const names = attributes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    problems.push(pathProblem(`${file} has two attributes called '${twice}'.`, 'Every column has a name of its own.'));
  refuseIfAny(shortList(problems, 'lines'));
  if (records.length === 0) throw new BadInputError([pathProblem(`${file} has no rows.`, 'They follow a line @data.')]);
  return {
    records,
    remarks:
      latinLine === undefined
        ? []
        : [`${file} is not UTF-8 (line ${latinLine}); such lines were read as Windows-1252.`],
  };
}

function attributeOf(line: string): Attribute {
  const rest = line.replace(/^@attribute\s+/i, '');
  const [, single, double, plain] = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s{]+))/.exec(rest) ?? [];
  const written = single ?? double ?? plain;
  if (written === undefined) throw new Error('has no name of an attribute');
  const quotes = plain === undefined ? 2 : 0;
  const name = unescaped(written);
  const type = rest.slice(written.length + quotes).trim();
  if (type.startsWith('{')) {
    const end = type.lastIndexOf('}');
    if (end < 0) throw new Error('has a list of values without its end }');
    return { kind: 'nominal', name, values: cellsOf(type.slice(1, end)).map(({ text }) => text) };
  }
  if (/^(?:numeric|real|integer)\b/i.test(type)) return { kind: 'number', name };
  if (/^(?:string|date)\b/i.test(type)) return { kind: 'text', name };
  throw new Error(`has an attribute of type '${type.slice(0, 40)}', which is none of numeric, string, date and {a, b}`);
}

function denseRow(line: string, attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  const cells = cellsOf(line);
  // A weight may follow in braces.
  if (cells.length === attributes.length + 1 && /^\{.*\}$/.test(cells.at(-1)?.text ?? '')) cells.pop();
  if (cells.length !== attributes.length)
    throw new Error(`has ${cells.length} values, but there are ${attributes.length} attributes`);
  return Object.fromEntries(attributes.map((attribute, index) => [attribute.name, valueOf(attribute, cells[index])]));
}

/** `{1 5.0, 3 yes}`: what is not named is 0, or the first value. */
function sparseRow(line: string, attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  const end = line.lastIndexOf('}');
  if (end < 0) throw new Error('has no end }');
  const fields: Record<string, unknown> = {};
  for (const attribute of attributes) {
    fields[attribute.name] = attribute.kind === 'number' ? 0 : attribute.kind === 'nominal' ? attribute.values[0] : '';
  }
  const content = line.slice(1, end).trim();
  for (const { text, isQuoted } of content === '' ? [] : cellsOf(content, /^\s*\d+\s+/)) {
    const [, index = '', value = ''] = /^(\d+)\s+([\s\S]*)$/.exec(text) ?? [];
    const attribute = attributes[Number(index)];
    if (index === '' || !attribute)
      throw new Error(`has '${text.slice(0, 40)}', which is no number of an attribute with a value`);
    fields[attribute.name] = valueOf(attribute, { text: value, isQuoted });
  }
  return fields;
}

interface Cell {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** Values between commas (or tabs), in quotes of either kind or not. @param prefix what may stand before a quote */
function cellsOf(line: string, prefix = /^\s*/): Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  for (;;) {
    const start = prefix.exec(line.slice(at))?.[0] ?? '';
    const quote = line[at + start.length];
    if (quote === "'" || quote === '"') {
      const rest = line.slice(at + start.length + 1);
      const found = (quote === "'" ? /^((?:[^'\\]|\\.)*)'\s*(?:[,\t]|$)/ : /^((?:[^"\\]|\\.)*)"\s*(?:[,\t]|$)/).exec(
        rest,
      );
      if (!found) throw new Error('has a quotation mark that is not closed');
      cells.push({ text: start.trimStart() + unescaped(found[1] ?? ''), isQuoted: true });
      at += start.length + 1 + found[0].length;
      if (!/[,\t]$/.test(found[0])) return cells;
    } else {
      const end = line.slice(at).search(/[,\t]/);
      cells.push({ text: line.slice(at, end < 0 ? undefined : at + end).trim(), isQuoted: false });
      if (end < 0) return cells;
      at += end + 1;
    }
  }
}

function valueOf(attribute: Attribute, cell: Cell | undefined): unknown {
  const { text, isQuoted } = cell ?? { text: '', isQuoted: false };
  if (!isQuoted && (text === '?' || text === '')) return undefined;
  switch (attribute.kind) {
    case 'number': {
      const value = Number(text);
      if (text.trim() === '' || Number.isNaN(value)) {
        if (/^nan$/i.test(text)) return undefined;
        throw new Error(`has '${text.slice(0, 40)}' for '${attribute.name}', which is no number`);
      }
      return value;
    }
    case 'nominal':
      if (!attribute.values.includes(text)) {
        throw new Error(`has '${text.slice(0, 40)}' for '${attribute.name}', which is none of its values`);
      }
      return text;
    case 'text':
      return text;
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign === 't' ? '\t' : sign));
}
