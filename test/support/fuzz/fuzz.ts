// Opens disfigured files of every format: `npm run fuzz -- [FILES] [SEED] [WORD]`; with a word only formats with it in their names. What
// goes wrong is kept in a folder that is named at the end.
import { fork, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomStream } from '../../../src/data/random.ts';
import { disfigured } from './disfigure.ts';
import type { OpenAnswer, OpenRequest } from './openProcess.ts';
import { validFiles, type ValidFiles } from './validFiles.ts';

const MOST_BYTES = 512 * 2 ** 20;
/** Processor time that opening a file may take, and time by the clock on a machine that is busy. */
const MOST_MS = { processor: 5000, clock: 120_000 } as const;
/** A program from its sources with ONNX Runtime and libvips in it takes so much before it opens anything. */
const FRESH_AFTER = 400;

/** What was found. */
export interface FuzzResult {
  readonly opened: number;
  readonly accepted: number;
  readonly refused: number;
  /** One for each file that went wrong. */
  readonly faults: readonly string[];
  readonly slowestMs: number;
  readonly peakBytes: number;
}

/**
 * Disfigures small valid files, one after the other, and opens each in a process of its own kind; counts files that end the process, leave a
 * stack trace, take more than five seconds or more than 512 MiB.
 *
 * @param keep folder in which files are kept that went wrong
 */
export async function fuzz(
  count: number,
  seed: number,
  { tell, word = '', keep }: { readonly tell: (line: string) => void; readonly word?: string; readonly keep?: string },
): Promise<FuzzResult> {
  const kinds = (await validFiles()).filter(({ format }) => format.toLowerCase().includes(word.toLowerCase()));
  const random = randomStream(seed, 'fuzz');
  const folder = mkdtempSync(join(tmpdir(), 'distillery-fuzz-'));
  const faults: string[] = [];
  const total = { opened: 0, accepted: 0, refused: 0, slowestMs: 0, peakBytes: 0 };
  let opener: Opener | undefined;
  try {
    for (let index = 0; index < count; index++) {
      const kind = kinds[index % kinds.length];
      if (!kind) break;
      const place = writeFiles(join(folder, String(index)), kind);
      const path = join(place, kind.disfigured);
      // The first of each is left as it is, and accepted.
      const isValid = index < kinds.length;
      if (!isValid) writeFileSync(path, disfigured(readFileSync(path), random));
      opener ??= new Opener();
      const began = performance.now();
      const answer = await opener.open({ folder: place, name: kind.disfigured, opening: kind.opening });
      const fault = faultOf(answer, isValid);
      if (fault !== undefined) {
        const kept = keep === undefined ? '' : keepFile(keep, index, path);
        faults.push(`${kind.format}, file ${index}${kept}: ${fault}`);
        tell(faults.at(-1) ?? '');
      }
      total.opened++;
      if (fault === undefined && answer.refusal === undefined) total.accepted++;
      if (fault === undefined && answer.refusal !== undefined) total.refused++;
      total.slowestMs = Math.max(total.slowestMs, performance.now() - began);
      total.peakBytes = Math.max(total.peakBytes, answer.peakBytes);
      if (opener.isOver) opener = undefined;
      rmSync(place, { recursive: true, force: true });
      if (total.opened % 200 === 0) tell(`${total.opened} files opened, ${faults.length} faults`);
    }
    return { ...total, faults };
  } finally {
    opener?.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeFiles(folder: string, { files }: ValidFiles): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}

function keepFile(folder: string, index: number, path: string): string {
  mkdirSync(folder, { recursive: true });
  const kept = join(folder, `${index}-${path.split('/').at(-1) ?? ''}`);
  copyFileSync(path, kept);
  return ` (${kept})`;
}

function faultOf({ crash, refusal, peakBytes }: OpenAnswer, isValid: boolean): string | undefined {
  if (crash !== undefined) return crash;
  if (peakBytes > MOST_BYTES) return `took ${Math.round(peakBytes / 2 ** 20)} MiB`;
  return isValid && refusal !== undefined ? `a valid file was refused: ${refusal}` : undefined;
}

/** A process that opens files. */
class Opener {
  readonly #child: ChildProcess;
  #opened = 0;
  #isOver = false;

  constructor() {
    this.#child = fork(fileURLToPath(new URL('openProcess.ts', import.meta.url)), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
  }

  /** Whether another one is needed for the next file. */
  get isOver(): boolean {
    return this.#isOver;
  }

  async open(request: OpenRequest): Promise<OpenAnswer> {
    const child = this.#child;
    const began = { clock: performance.now(), processor: this.#processorMs() };
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<OpenAnswer>((resolve) => {
      child.once('message', (message) => {
        resolve(message as OpenAnswer);
      });
      child.once('exit', (code, signal) => {
        resolve({ crash: `the process ended (${signal ?? `exit code ${code ?? '?'}`})`, peakBytes: 0 });
      });
      timer = setInterval(() => {
        const processor = this.#processorMs() - began.processor;
        const clock = performance.now() - began.clock;
        // The first file waits for the process to start.
        const extra = this.#opened === 0 ? 10_000 : 0;
        if (processor < MOST_MS.processor + extra && clock < MOST_MS.clock + extra) return;
        resolve({ crash: `no answer in ${Math.round(clock)} ms, ${processor} ms of processor time`, peakBytes: 0 });
      }, 100);
      child.send(request);
    });
    clearInterval(timer);
    child.removeAllListeners();
    child.on('error', () => undefined);
    this.#opened++;
    if (answer.crash !== undefined || this.#opened >= FRESH_AFTER || answer.peakBytes > MOST_BYTES) this.end();
    return answer;
  }

  end(): void {
    this.#isOver = true;
    this.#child.kill('SIGKILL');
  }

  /** Zero where the operating system does not tell. */
  #processorMs(): number {
    if (process.platform !== 'linux') return 0;
    try {
      const text = readFileSync(`/proc/${this.#child.pid ?? 0}/stat`, 'latin1');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      return 0;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = '1000', seed = '0', word = ''] = process.argv.slice(2);
  const keep = join(tmpdir(), `distillery-fuzz-faults-${process.pid}`);
  const result = await fuzz(Number(count), Number(seed), { tell: console.log, word, keep });
  console.log(JSON.stringify({ ...result, faults: result.faults.length }, null, 2));
  process.exitCode = result.faults.length === 0 ? 0 : 1;
}
