import type { ChildProcess } from 'node:child_process';
import { totalmem } from 'node:os';
import type { Tensor as RuntimeTensor } from 'onnxruntime-node';
import { DistilleryError } from '../../../errors.ts';
import { missingFile } from '../../../platform/writingError.ts';
import { Tensor } from '../../../platform/onnxRuntime.ts';
import { ProgressWatch, type Complaint } from '../../../platform/processes/progressWatch.ts';
import { noteSession, sessionThreads, type SessionOptions } from '../session.ts';
import type { AskingAnswer, AskingRequest, DescribedTensor } from './askingMessages.ts';
import { giveBack, takeProcess } from './askingProcesses.ts';

const WATCH_MS = 50;
/** Milliseconds beyond the usual: for starting the process, and for a megabyte of the model, to open it and to compute a sample. */
const ALLOWANCE_MS = { start: 20_000, openMegabyte: 100, sampleMegabyte: 25 } as const;
/** Bytes of memory: the program itself, and for each byte of the model and of the samples. */
const MEMORY = { program: 400 * 2 ** 20, model: 8, samples: 256 } as const;
/** How much longer than those before them samples may take. */
const PATIENCE = 10;

export interface AskedNetworkOptions extends Pick<SessionOptions, 'device'> {
  /** Path of the network's file, for messages. */
  readonly path: string;
  /** Bytes of the model. */
  readonly modelBytes: number;
}

/**
 * A network that is asked in a process of its own, because it may compute without an end or take any amount of memory: a loop's end, and the
 * size of what is computed, may depend on the samples. The process is ended when that shows.
 *
 * How long it may take follows from the size of its model and, from the second batch on, from how long a sample took. With several
 * samples to a batch, the first is asked about alone before.
 */
export class AskedNetwork {
  readonly #child: ChildProcess;
  readonly #watch: ProgressWatch;
  readonly #options: AskedNetworkOptions;
  #inputs: readonly DescribedTensor[] = [];
  #outputs: readonly DescribedTensor[] = [];
  /** How long a sample took last; undefined until one was computed. */
  #sampleMs: number | undefined;
  #mostBytes: number;
  #isAsked = false;
  /** Why the process is no more. */
  #ended: DistilleryError | undefined;

  private constructor(child: ChildProcess, options: AskedNetworkOptions) {
    this.#child = child;
    this.#options = options;
    this.#mostBytes = memoryFor(options.modelBytes, 0);
    this.#watch = new ProgressWatch(child.pid, this.#mostBytes);
  }

  /**
   * Opens a network. The caller releases it.
   *
   * @param model its bytes, or the path of its file
   * @throws DistilleryError `BAD_FILE` when ONNX Runtime refuses it, `UNSUPPORTED` when opening it takes too much time or memory
   */
  static async open(model: Uint8Array | string, options: AskedNetworkOptions): Promise<AskedNetwork> {
    const { child, hasStarted } = takeProcess();
    const network = new AskedNetwork(child, options);
    noteSession(1);
    try {
      if (!hasStarted) await network.#answer(undefined, ALLOWANCE_MS.start, 'starting it');
      const request = { kind: 'open', model, device: options.device, threads: sessionThreads() } as const;
      const opened = await network.#answer(request, network.#megabytes * ALLOWANCE_MS.openMegabyte, 'opening it');
      if (opened.kind === 'failed') throw refused(options, opened.reason);
      if (opened.kind === 'opened') {
        network.#inputs = opened.inputs;
        network.#outputs = opened.outputs;
      }
      return network;
    } catch (error) {
      await network.release();
      throw error;
    }
  }

  get inputs(): readonly DescribedTensor[] {
    return this.#inputs;
  }

  get outputs(): readonly DescribedTensor[] {
    return this.#outputs;
  }

  /**
   * The outputs of one batch by name.
   *
   * @param feeds whose first dimension is the batch
   * @throws Error with what ONNX Runtime says when it cannot compute them
   * @throws DistilleryError `UNSUPPORTED` when that takes too much time or memory
   */
  async run(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    outputs: readonly string[],
  ): Promise<Record<string, RuntimeTensor>> {
    const batch = Object.values(feeds)[0]?.dims[0] ?? 1;
    if (this.#sampleMs === undefined && batch > 1 && !this.#isFixed()) {
      // A network that fails with one sample may do with several.
      await this.#compute(firstOf(feeds, batch), 1, outputs).catch((error: unknown) => {
        if (error instanceof DistilleryError) throw error;
      });
    }
    return this.#compute(feeds, batch, outputs);
  }

  release(): Promise<void> {
    noteSession(-1);
    if (!this.#ended) {
      this.#ended = new DistilleryError('INTERNAL', `'${this.#options.path}' was closed.`);
      if (this.#isAsked) this.#child.kill('SIGKILL');
      else giveBack(this.#child);
    }
    return Promise.resolve();
  }

  get #megabytes(): number {
    return this.#options.modelBytes / 2 ** 20;
  }

  /** Whether the model takes batches of one size only. */
  #isFixed(): boolean {
    return this.#inputs.some(({ shape }) => typeof shape[0] === 'number' && shape[0] > 0);
  }

  async #compute(
    feeds: Readonly<Record<string, RuntimeTensor>>,
    batch: number,
    outputs: readonly string[],
  ): Promise<Record<string, RuntimeTensor>> {
    const sent = Object.entries(feeds).map(([name, { type, dims, data }]) => [name, { type, dims, data }] as const);
    const bytes = Object.values(feeds).reduce((sum, { size }) => sum + size * 4, 0);
    this.#mostBytes = Math.max(this.#mostBytes, memoryFor(this.#options.modelBytes, bytes));
    this.#watch.allowBytes(this.#mostBytes);
    const usual = this.#megabytes * ALLOWANCE_MS.sampleMegabyte;
    const began = performance.now();
    const said = await this.#answer(
      { kind: 'run', feeds: Object.fromEntries(sent), outputs },
      batch * Math.max(usual, PATIENCE * (this.#sampleMs ?? 0)),
      batch === 1 ? 'computing one sample' : `computing ${batch} samples`,
    );
    if (said.kind !== 'said') throw new Error(said.kind === 'failed' ? said.reason : `It answered '${said.kind}'.`);
    this.#sampleMs = (performance.now() - began) / batch;
    return Object.fromEntries(
      Object.entries(said.outputs).map(([name, { type, dims, data }]) => {
        return [name, new Tensor(type as 'float32', data as Float32Array, dims)];
      }),
    );
  }

  /** Sends a request and waits for the answer to it; the process is ended where it takes too much. */
  async #answer(request: AskingRequest | undefined, allowanceMs: number, doing: string): Promise<AskingAnswer> {
    if (this.#ended) throw this.#ended;
    const child = this.#child;
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    this.#isAsked = true;
    try {
      return await new Promise<AskingAnswer>((resolve, reject) => {
        const end = (reason: string): void => {
          const { path } = this.#options;
          this.#ended ??= new DistilleryError('UNSUPPORTED', `'${path}' was stopped: ${doing} ${reason}.`, { hint });
          child.kill('SIGKILL');
          reject(this.#ended);
        };
        child.once('message', (message) => {
          resolve(message as AskingAnswer);
        });
        child.once('error', (error) => {
          end(`failed (${error.message})`);
        });
        child.once('exit', (code, signal) => {
          end(`ended its process (${signal ?? `exit code ${code ?? '?'}`})`);
        });
        this.#watch.allow(allowanceMs);
        timer = setInterval(() => {
          const complaint = this.#watch.complaint();
          if (complaint !== undefined) end(this.#reason(complaint, performance.now() - began));
        }, WATCH_MS);
        if (request) child.send(request);
      });
    } finally {
      this.#isAsked = false;
      clearInterval(timer);
      for (const event of ['message', 'error', 'exit']) child.removeAllListeners(event);
      // Whatever it says later, nobody asked.
      child.on('error', () => undefined);
    }
  }

  #reason(complaint: Complaint, milliseconds: number): string {
    switch (complaint) {
      case 'endless':
        return `did not come to an end within ${(milliseconds / 1000).toFixed(1)} s`;
      case 'memory':
        return `took more than ${Math.round(this.#mostBytes / 2 ** 20)} MiB of memory`;
    }
  }
}

const hint = 'A loop in it may not end, or what it computes may have no bound, for these samples; export it without.';

/** Bytes that a process may take which computes so many bytes of samples; never so many that the machine is brought to a halt. */
function memoryFor(modelBytes: number, sampleBytes: number): number {
  return Math.min(MEMORY.program + MEMORY.model * modelBytes + MEMORY.samples * sampleBytes, 0.75 * totalmem());
}

function firstOf(
  feeds: Readonly<Record<string, RuntimeTensor>>,
  batch: number,
): Readonly<Record<string, RuntimeTensor>> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { type, dims, data }]) => {
      const values = data as Float32Array;
      const first = values.subarray(0, values.length / batch);
      return [name, new Tensor(type as 'float32', first, [1, ...dims.slice(1)])];
    }),
  );
}

function refused({ path, device }: AskedNetworkOptions, reason: string): DistilleryError {
  return (
    missingFile(path) ??
    new DistilleryError(
      device === 'cpu' ? 'BAD_FILE' : 'DEVICE',
      `ONNX Runtime refuses '${path}' on ${device}: ${reason}`,
    )
  );
}
