import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { shuffledBatches } from '../src/data/batches.ts';
import type { Dataset } from '../src/data/dataset.ts';
import { openDataset } from '../src/data/openDataset.ts';
import { randomStream } from '../src/data/random.ts';
import { datasetSchema } from '../src/experiment/schema/dataset.ts';
import { elementCount } from '../src/onnx/tensor.ts';

/** One pass over an image folder in batches of normalised float32. */
export interface Pass {
  readonly seconds: number;
  readonly images: number;
}

/** How images are brought to batches, here and there. */
export interface LoaderForm {
  readonly folder: string;
  /** Height and width in pixels. */
  readonly size: number;
  readonly batch: number;
}

/** Distillery's way: images are decoded in a thread, and nothing is kept from one pass to the next. */
export class StreamedImages {
  readonly #dataset: Dataset;
  readonly #batch: number;
  readonly #buffer: Float32Array;
  #passes = 0;

  private constructor(dataset: Dataset, batch: number) {
    this.#dataset = dataset;
    this.#batch = batch;
    this.#buffer = new Float32Array(batch * elementCount(dataset.sampleShape));
  }

  /** @param memory bytes, fewer than the images take */
  static async open({ folder, size, batch }: LoaderForm, memory: number): Promise<StreamedImages> {
    const options = datasetSchema.parse({
      path: folder,
      resize: [size, size],
      normalization: 'imagenet',
      validation: 0.01,
      test: 0.01,
    });
    const dataset = await openDataset(options, { baseDirectory: '/', seed: 0, memory });
    if (!dataset.training.stream) throw new Error('The images are in memory: give more of them, or less memory.');
    return new StreamedImages(dataset, batch);
  }

  /** One pass over the training split, as a training makes it. */
  async pass(): Promise<Pass> {
    const { training } = this.#dataset;
    const start = performance.now();
    const batches = [...shuffledBatches(training.count, this.#batch, randomStream(this.#passes++, 'order'))];
    training.stream?.announce(batches.flatMap((indices) => [...indices]));
    for (const indices of batches) await training.read(indices, this.#buffer);
    return { seconds: (performance.now() - start) / 1000, images: batches.length * this.#batch };
  }

  close(): Promise<void> {
    return this.#dataset.dispose();
  }
}

/** A Python that has torchvision; see `findPyTorch`. */
export function hasTorchvision(python: string): boolean {
  return spawnSync(python, ['-c', 'import torchvision']).status === 0;
}

/** torchvision's ImageFolder and DataLoader in a process of their own, which make a pass on request. */
export class Torchvision {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;

  constructor(python: string, { folder, size, batch }: LoaderForm, workers: number, passes: number) {
    const program = fileURLToPath(new URL('imageLoader.py', import.meta.url));
    this.#process = spawn(python, [program, folder, ...[size, batch, workers, passes].map(String)]);
    this.#process.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#process.stdout });
  }

  async pass(): Promise<Pass & { readonly version: string }> {
    this.#process.stdin.write('\n');
    const [answer] = (await once(this.#lines, 'line')) as [string];
    return JSON.parse(answer) as Pass & { version: string };
  }

  close(): void {
    this.#process.stdin.end();
  }
}
