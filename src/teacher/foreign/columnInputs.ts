import type { Dataset } from '../../data/dataset.ts';
import type { ColumnCode } from '../../data/preparation.ts';
import type { SamplePart } from '../../data/task.ts';
import { BadInputError, type Problem } from '../../errors.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { floatTensor, type DataType } from '../../onnx/tensor.ts';
import { dataTypeCode } from '../../onnx/tensorProto.ts';
import { roundedToSteps } from '../matching/adaptNetwork.ts';
import { categoryWidth } from '../matching/ownUnits.ts';
import { markOf, placedColumns, withMissing, type PlacedColumn } from './missingNumbers.ts';

/** An input of a model that takes one column of a table. */
export interface ColumnInput {
  readonly name: string;
  readonly type: DataType;
  /** Number of dimensions: a column stands upright, or is a list. */
  readonly rank: number;
}

interface Place {
  readonly column: ColumnCode;
  /** Where its values begin in a row. */
  readonly start: number;
  /** How many steps of its numbers make 1 where they have few digits; 0 for others. */
  readonly step: number;
  /** Where in a row it stands that it is missing, where the model is to know. */
  readonly mark?: number;
}

/**
 * Fills inputs with the columns that have their names, in the columns' own units and categories.
 *
 * @param rows [batch, values], as the dataset prepares them
 * @throws BadInputError that names every input that cannot be filled
 */
export function fillByColumns(
  graph: Graph,
  rows: Value,
  inputs: readonly ColumnInput[],
  { preparation, samples, knowsMissing }: Pick<Dataset, 'preparation' | 'samples'> & { readonly knowsMissing: boolean },
  where: string,
): Value[] {
  const parts = samples.kind === 'values' ? samples.parts : undefined;
  const places = placesOf(placedColumns(preparation), parts, knowsMissing);
  const problems: Problem[] = [];
  const filled = inputs.flatMap((input) => {
    const place = places.find(({ column }) => plain(column.name) === plain(input.name));
    const problem = place ? unusable(input, place.column) : missing(input, places);
    if (problem || !place) {
      problems.push({ where, ...(problem ?? missing(input, places)) });
      return [];
    }
    const value = input.type === 'string' ? textsOf(graph, rows, place) : numbersOf(graph, rows, place);
    const typed =
      input.type === 'string' || input.type === 'float32'
        ? value
        : graph.op('Cast', [isWhole(input.type) ? nearest(graph, value) : value], {
            to: int(dataTypeCode(input.type)),
          });
    return [input.rank === 1 ? graph.op('Reshape', [typed, graph.integers([-1])]) : typed];
  });
  if (problems.length > 0) throw new BadInputError(problems);
  return filled;
}

function isWhole(type: DataType): boolean {
  return /^u?int/.test(type);
}

/** Whole numbers that were scaled and brought back lie a little beside what they were, and a Cast cuts off. */
function nearest(graph: Graph, value: Value): Value {
  return graph.op('Floor', [graph.op('Add', [value, graph.scalar(0.5)])]);
}

function placesOf(columns: readonly PlacedColumn[], parts: readonly SamplePart[] = [], knowsMissing: boolean): Place[] {
  return columns.map(({ column, start }, index) => {
    const decimals = parts[index]?.decimals;
    const mark = knowsMissing ? markOf(columns, column) : undefined;
    return { column, start, step: decimals === undefined ? 0 : 10 ** decimals, ...(mark !== undefined && { mark }) };
  });
}

/** skl2onnx and others write names of columns with other signs between their words. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_');
}

function missing({ name }: ColumnInput, places: readonly Place[]): Omit<Problem, 'where'> {
  return {
    message: `The teacher takes the column '${name}', which the dataset does not have.`,
    hint: `Its columns are ${places.map(({ column }) => `'${column.name}'`).join(', ') || 'none: it is no table'}.`,
  };
}

function unusable({ name, type }: ColumnInput, column: ColumnCode): Omit<Problem, 'where'> | undefined {
  if (type === 'string' && column.kind === 'number') {
    return {
      message: `The teacher takes texts for '${name}', but this column of the dataset has numbers.`,
      hint: `Say with dataset.columns that '${column.name}' is a category.`,
    };
  }
  if (
    type !== 'string' &&
    column.kind === 'category' &&
    column.categories.some((one) => !Number.isFinite(Number(one)))
  ) {
    return {
      message: `The teacher takes numbers for '${name}', but this column of the dataset has the categories ${column.categories.slice(0, 5).join(', ')}.`,
      hint: 'Choose the dataset that the teacher was trained on.',
    };
  }
  return undefined;
}

/** [batch, 1] */
function valuesAt(graph: Graph, rows: Value, start: number, width: number): Value {
  const indices = Array.from({ length: width }, (_, index) => start + index);
  return graph.op('Gather', [rows, graph.integers(indices)], { axis: int(1) });
}

function numbersOf(graph: Graph, rows: Value, { column, start, step, mark }: Place): Value {
  if (column.kind === 'category') {
    const numbers = [...column.categories.map(Number), NaN];
    const table = graph.constant(floatTensor(numbers));
    return graph.op('Gather', [table, categoryIndex(graph, rows, column, start)]);
  }
  const scaled = graph.op('Mul', [valuesAt(graph, rows, start, 1), graph.scalar(column.std)]);
  const found = graph.op('Add', [scaled, graph.scalar(column.mean)]);
  const stepped = step > 0 ? roundedToSteps(graph, found, [step]) : found;
  return mark === undefined ? stepped : withMissing(graph, stepped, valuesAt(graph, rows, mark, 1));
}

/** The categories themselves; an empty text for one that is missing or not listed. */
function textsOf(graph: Graph, rows: Value, { column, start }: Place): Value {
  const texts = column.kind === 'category' ? [...column.categories, ''] : [''];
  const table = graph.initializer(graph.freshName('categories'), {
    type: 'string',
    shape: [texts.length],
    data: texts,
  });
  const index = column.kind === 'category' ? categoryIndex(graph, rows, column, start) : graph.integers([0]);
  return graph.op('Gather', [table, index]);
}

/** Which category a row has, [batch, 1]; their number for none. */
function categoryIndex(
  graph: Graph,
  rows: Value,
  column: Extract<ColumnCode, { kind: 'category' }>,
  start: number,
): Value {
  const width = categoryWidth(column);
  if (width === 1) {
    const isSecond = graph.op('Greater', [valuesAt(graph, rows, start, 1), graph.scalar(0.5)]);
    return graph.op('Cast', [isSecond], { to: int(dataTypeCode('int64')) });
  }
  const known = valuesAt(graph, rows, start, column.categories.length);
  const first = valuesAt(graph, rows, start, 1);
  const none = graph.op('Add', [graph.op('Sub', [first, first]), graph.scalar(0.5)]);
  const all = graph.op('Concat', [known, none], { axis: int(1) });
  return graph.op('ArgMax', [all], { axis: int(1), keepdims: int(1) });
}
