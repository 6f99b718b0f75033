import type { ColumnCode, ColumnPart, Preparation } from '../../data/preparation.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import { categoryWidth } from '../matching/ownUnits.ts';

/**
 * Whether a model knows what to do where a number is missing (NaN): its trees were grown on such, which is noted at their nodes, or it puts
 * other numbers in their place. CatBoost takes a missing number for one that is smaller than any, which its files do not note: no comparison holds for NaN.
 */
export function takesMissing({ graph, producerName }: ModelProto): boolean {
  const isOfCatBoost = producerName === 'CatBoost';
  return (graph?.node ?? []).some(({ domain, opType, attribute }) => {
    if (domain !== 'ai.onnx.ml') return false;
    return (
      opType === 'Imputer' ||
      (isOfCatBoost && opType.startsWith('TreeEnsemble')) ||
      attribute.some(({ name, ints }) => TRACKS.has(name) && ints.some((each) => each === 1n))
    );
  });
}

/** Where the way of missing numbers is noted, in the older operators of trees and in the newer one. */
const TRACKS: ReadonlySet<string> = new Set([
  'nodes_missing_value_tracks_true',
  'nodes_missing_value_tracks_true_as_tensor',
]);

/** A column of a table, and where its values begin in a row. */
export interface PlacedColumn {
  readonly column: ColumnCode;
  readonly start: number;
  readonly width: number;
}

/** The columns of a table in the order in which they stand in a row; none of other data. */
export function placedColumns(preparation: Preparation): PlacedColumn[] {
  let start = 0;
  return (preparation.kind === 'table' ? preparation.columns : []).map((column) => {
    const width = column.kind === 'number' ? 1 : categoryWidth(column);
    const placed = { column, start, width };
    start += width;
    return placed;
  });
}

/** Where in a row it stands that a column is missing; undefined where it does not stand there. */
export function markOf(places: readonly PlacedColumn[], { name }: ColumnCode): number | undefined {
  return places.find(({ column }) => isMark(column) && column.part.of === name)?.start;
}

function isMark(column: ColumnCode): column is Extract<ColumnCode, { kind: 'number' }> & { readonly part: ColumnPart } {
  return column.kind === 'number' && column.part?.is === 'missing';
}

/** How many values a row has beside those that say what is missing. */
export function plainWidth(preparation: Preparation): number {
  return placedColumns(preparation).reduce((sum, { column, width }) => sum + (isMark(column) ? 0 : width), 0);
}

/** Names of the columns whose rows say where they are missing. */
export function markedColumns(preparation: Preparation): string[] {
  return placedColumns(preparation).flatMap(({ column }) => (isMark(column) ? [column.part.of] : []));
}

/**
 * Rows [batch, values] without the marks of what is missing, NaN where these stand; undefined where no column is marked, or that makes
 * another number of values than are wanted.
 */
export function rowsWithMissing(graph: Graph, rows: Value, preparation: Preparation, width: number): Value | undefined {
  const places = placedColumns(preparation);
  const kept = places.filter(({ column }) => !isMark(column));
  const indices = kept.flatMap(({ start, width: wide }) => Array.from({ length: wide }, (_, at) => start + at));
  if (kept.length === places.length || indices.length !== width) return undefined;
  const marks = kept.flatMap(({ column, width: wide }) => Array<number | undefined>(wide).fill(markOf(places, column)));
  const take = (from: readonly number[]): Value => graph.op('Gather', [rows, graph.integers(from)], { axis: int(1) });
  // What has no mark is never missing: a value in its place counts nothing.
  const counted = graph.constant(floatTensor(marks.map((mark) => (mark === undefined ? 0 : 1))));
  const said = graph.op('Mul', [take(marks.map((mark, at) => mark ?? indices[at] ?? 0)), counted]);
  return withMissing(graph, take(indices), said);
}

/** Values that are NaN where their marks are 1. */
export function withMissing(graph: Graph, values: Value, marks: Value): Value {
  return graph.op('Where', [graph.op('Greater', [marks, graph.scalar(0.5)]), graph.scalar(NaN), values]);
}
