// Opens the dataset at the path that is its argument, in a process of its own, and prints what that took as one line of JSON.
import { openDataset } from '../src/data/openDataset.ts';
import { datasetSchema } from '../src/experiment/schema/dataset.ts';

/** What opening a dataset took. */
export interface Opening {
  readonly seconds: number;
  /** Growth of the largest resident memory. */
  readonly bytes: number;
  readonly samples: number;
}

const [path = '', ...resize] = process.argv.slice(2);
const before = process.resourceUsage().maxRSS;
const start = performance.now();
const dataset = await openDataset(
  datasetSchema.parse({ path, ...(resize.length > 0 && { resize: resize.map(Number) }) }),
  { baseDirectory: process.cwd(), seed: 0 },
);
const { training, validation, test } = dataset;
const opening: Opening = {
  seconds: (performance.now() - start) / 1000,
  bytes: (process.resourceUsage().maxRSS - before) * 1024,
  samples: training.count + validation.count + test.count,
};
await dataset.dispose();
console.log(JSON.stringify(opening));
