/**
 * The assignment of columns to rows, each column once, with the largest sum: the Hungarian method with potentials, O(rows² × columns)
 * (Kuhn 1955; Munkres 1957).
 *
 * @param values [rows, columns], row-major; no more rows than columns
 * @returns the column of each row
 */
export function bestAssignment(values: Float64Array, rows: number, columns: number): number[] {
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  // Row that a column belongs to, counted from 1; 0 is none. Column 0 stands for the row that looks for one.
  const owner = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    owner[0] = row;
    const slack = new Float64Array(columns + 1).fill(Infinity);
    const cameFrom = new Int32Array(columns + 1);
    const isVisited = new Uint8Array(columns + 1);
    let column = 0;
    do {
      isVisited[column] = 1;
      const current = owner[column] ?? 0;
      let step = Infinity;
      let next = 0;
      for (let other = 1; other <= columns; other++) {
        if (isVisited[other] === 1) continue;
        const cost = -(values[(current - 1) * columns + other - 1] ?? 0);
        const reduced = cost - (rowPotential[current] ?? 0) - (columnPotential[other] ?? 0);
        if (reduced < (slack[other] ?? 0)) {
          slack[other] = reduced;
          cameFrom[other] = column;
        }
        if ((slack[other] ?? 0) < step) {
          step = slack[other] ?? 0;
          next = other;
        }
      }
      for (let other = 0; other <= columns; other++) {
        if (isVisited[other] === 1) {
          const owning = owner[other] ?? 0;
          rowPotential[owning] = (rowPotential[owning] ?? 0) + step;
          columnPotential[other] = (columnPotential[other] ?? 0) - step;
        } else slack[other] = (slack[other] ?? 0) - step;
      }
      column = next;
    } while (owner[column] !== 0);
    while (column !== 0) {
      const previous = cameFrom[column] ?? 0;
      owner[column] = owner[previous] ?? 0;
      column = previous;
    }
  }
  const assigned = new Array<number>(rows).fill(0);
  for (let column = 1; column <= columns; column++) {
    const row = owner[column] ?? 0;
    if (row > 0) assigned[row - 1] = column - 1;
  }
  return assigned;
}

/** Which output is largest for each sample. @param outputs [count, width] */
export function decisionsOf(outputs: Float32Array, width: number): Int32Array {
  return Int32Array.from({ length: outputs.length / width }, (_, sample) => {
    let best = 0;
    for (let index = 1; index < width; index++) {
      if ((outputs[sample * width + index] ?? 0) > (outputs[sample * width + best] ?? 0)) best = index;
    }
    return best;
  });
}

/**
 * The output that stands for each class, so that most samples are decided rightly.
 *
 * @param samples those that are looked at
 * @param width number of outputs, at least `classes`
 */
export function assignClasses(
  decisions: Int32Array,
  labels: Int32Array,
  samples: readonly number[],
  { classes, width }: { readonly classes: number; readonly width: number },
): number[] {
  const counts = new Float64Array(classes * width);
  for (const sample of samples) {
    const at = (labels[sample] ?? 0) * width + (decisions[sample] ?? 0);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return bestAssignment(counts, classes, width);
}

/** The share of samples that are decided rightly when the classes stand where `assigned` says. */
export function accuracyWith(
  assigned: readonly number[],
  decisions: Int32Array,
  labels: Int32Array,
  samples: readonly number[],
): number {
  const right = samples.filter((sample) => assigned[labels[sample] ?? 0] === decisions[sample]);
  return right.length / samples.length;
}
