import { int, type Graph } from '../graph.ts';
import type { Value } from '../node.ts';

/** A pixel along one axis for every point [B, P], and what it counts; nothing said is 1. */
export interface Tap {
  readonly place: Value;
  readonly weight: Value | undefined;
}

/** Arithmetic with numbers that take the type of the value. */
export function arithmetic(graph: Graph) {
  const binary = (operator: string) => (value: Value, other: Value | number) =>
    graph.op(operator, [value, typeof other === 'number' ? graph.scalar(other, value) : other]);
  return {
    ...{ add: binary('Add'), sub: binary('Sub'), mul: binary('Mul'), div: binary('Div') },
    ...{ min: binary('Min'), max: binary('Max') },
  };
}

/** The nearest pixel inside along an axis of `size`. */
export function inside(graph: Graph, place: Value, size: number): Value {
  const { min, max } = arithmetic(graph);
  return min(max(place, 0), size - 1);
}

/** The two pixels around places [B, P] along an axis, by their nearness. */
export function linearTaps(graph: Graph, at: Value): readonly { readonly place: Value; readonly weight: Value }[] {
  const { add, sub } = arithmetic(graph);
  const first = graph.op('Floor', [at]);
  const share = sub(at, first);
  return [
    { place: first, weight: sub(graph.scalar(1, share), share) },
    { place: add(first, 1), weight: share },
  ];
}

/**
 * The sum of the pixels [B, C, H · W] at every point, [B, C, P]: every tap of the rows with every tap of the columns.
 * @param width of the image
 */
export function sumOfTaps(
  graph: Graph,
  { pixels, channels, width }: { readonly pixels: Value; readonly channels: number; readonly width: number },
  rows: readonly Tap[],
  columns: readonly Tap[],
): Value {
  const { mul } = arithmetic(graph);
  const spread = graph.constant({ type: 'int64', shape: [1, channels, 1], data: new BigInt64Array(channels) });
  const terms = rows.flatMap((row) =>
    columns.map((column) => {
      const position = graph.op('Add', [mul(row.place, width), column.place]);
      const index = graph.op('Unsqueeze', [graph.op('Cast', [position], { to: int(7) }), graph.integers([1])]);
      const taken = graph.op('GatherElements', [pixels, graph.op('Add', [index, spread])], { axis: int(2) });
      const both = row.weight && column.weight ? graph.op('Mul', [row.weight, column.weight]) : undefined;
      const weight = both ?? row.weight ?? column.weight;
      return weight ? graph.op('Mul', [taken, graph.op('Unsqueeze', [weight, graph.integers([1])])]) : taken;
    }),
  );
  return terms.reduce((total, term) => graph.op('Add', [total, term]));
}
