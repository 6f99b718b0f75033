import { roundStep } from '../report/drawings/roundStep.ts';

/** Rows of a table that folds out below a chart; more are slow to open and not read. */
const MOST_ROWS = 200;

/**
 * Which positions of a long axis stand in a chart's table: multiples of 2, 5, 10, 20, 50 and so on, the first and the last.
 *
 * @param positions whole numbers, rising
 * @returns all of them, with a step of 1, where they are few
 */
export function tableRows(positions: readonly number[]): {
  readonly step: number;
  readonly rows: readonly number[];
} {
  const count = positions.length;
  if (count <= MOST_ROWS) return { step: 1, rows: positions };
  const [first = 0, last = 0] = [positions[0], positions.at(-1)];
  const step = roundStep((last - first) / MOST_ROWS);
  return { step, rows: positions.filter((x) => x % step === 0 || x === first || x === last) };
}
