import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from '../../src/data/random.ts';

/** Rows of `writeSmallTable`. */
export const SMALL_TABLE_ROWS = 90;

/** Writes `small.csv` into a folder: two numbers, and whether the first is about above the second. */
export function writeSmallTable(folder: string): void {
  const random = randomStream(3, 'rows');
  const rows = Array.from({ length: SMALL_TABLE_ROWS }, () => {
    const [x, y] = [random.uniform(), random.uniform()];
    return `${x.toFixed(3)},${y.toFixed(3)},${x + 0.3 * random.uniform() > y ? 'above' : 'below'}`;
  });
  writeFileSync(join(folder, 'small.csv'), `x,y,label\n${rows.join('\n')}\n`);
}
