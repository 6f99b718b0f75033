// Opens the dataset at the path that is its argument, in a process of its own, and prints what that took as one line of JSON. Where it is not held in memory,
// an epoch of it is read as well.
import { shuffledBatches } from '../src/data/batches.ts';
import { openDataset } from '../src/data/openDataset.ts';
import { randomStream } from '../src/data/random.ts';
import { datasetSchema } from '../src/experiment/schema/dataset.ts';
import { elementCount } from '../src/onnx/tensor.ts';

/** What opening a dataset took. */
export interface Opening {
  readonly seconds: number;
  /** What reading an epoch of it took, where samples are read from the disk by blocks. */
  readonly epochSeconds: number;
  /** Growth of the largest resident memory. */
  readonly bytes: number;
  readonly samples: number;
}

const BATCH = 256;

const [path = '', held = '', ...resize] = process.argv.slice(2);
const before = process.resourceUsage().maxRSS;
const start = performance.now();
const dataset = await openDataset(
  datasetSchema.parse({ path, ...(resize.length > 0 && { resize: resize.map(Number) }) }),
  { baseDirectory: process.cwd(), seed: 0, ...(held !== '' && { memory: Number(held) }) },
);
const { training, validation, test, sampleShape } = dataset;
const seconds = (performance.now() - start) / 1000;
if (training.stream?.blocks) {
  const values = new Float32Array(BATCH * elementCount(sampleShape));
  const batches = shuffledBatches(training.count, BATCH, randomStream(0, 'epoch'), training.stream.blocks);
  for (const batch of batches) await training.read(batch, values);
}
const opening: Opening = {
  seconds,
  epochSeconds: (performance.now() - start) / 1000 - seconds,
  bytes: (process.resourceUsage().maxRSS - before) * 1024,
  samples: training.count + validation.count + test.count,
};
await dataset.dispose();
console.log(JSON.stringify(opening));
