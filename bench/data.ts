import { spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, linkSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { randomStream } from '../src/data/random.ts';
import { hasTorchvision, StreamedImages, Torchvision, type LoaderForm } from './imageLoader.ts';
import type { Opening } from './openData.ts';

const ROUNDS = 5;
/** Sizes of photographs: the average of ImageNet, and a camera's. */
const PHOTOGRAPHS = [
  { width: 500, height: 375, count: 512 },
  { width: 1600, height: 1200, count: 160 },
] as const;
type Photographs = (typeof PHOTOGRAPHS)[number];
const WORKERS = 2;
const MANY_FILES = 60_000;
const ROWS = 1_000_000;
const COLUMNS = 30;
const BARS = { speed: 1.5, folderSeconds: 1, tableSeconds: 3, tableBytes: 500e6, streamedBytes: 250e6 };
/** Bytes that the table may take where it is read from the disk: a quarter of what it takes in memory. */
const STREAMED_MEMORY = 60e6;

/**
 * Times opening and reading of datasets, made in a temporary folder: images per second against torchvision in turns, a folder of 60,000 files,
 * and a table of 1,000,000 rows, in memory and from the disk. Appends to bench/history.jsonl.
 *
 * @returns how many bars were missed
 */
export async function benchData(python: string | undefined): Promise<number> {
  const folder = mkdtempSync(join(os.tmpdir(), 'distillery-bench-'));
  try {
    const speeds: (number | undefined)[] = [];
    for (const photographs of PHOTOGRAPHS) {
      const written = join(folder, `${photographs.width}`);
      await writePhotographs(written, photographs);
      speeds.push(await compareLoaders({ folder: written, size: 224, batch: 32 }, photographs, python));
    }
    const files = join(folder, 'files');
    linkManyFiles(join(folder, `${PHOTOGRAPHS[0].width}`, 'class0', '0.jpg'), files);
    const folderOpening = open('folder of 60,000 images', files, '', '224', '224');
    const table = join(folder, 'table.csv');
    writeTable(table);
    const tableOpening = open('CSV of 1,000,000 rows × 30', table);
    const streamed = open('the same from the disk, within 60 MB', table, String(STREAMED_MEMORY));
    console.log('an epoch of it'.padEnd(40), `${streamed.epochSeconds.toFixed(2)} s`);
    const missed = [
      ...speeds.map((speed) => speed !== undefined && speed < BARS.speed),
      folderOpening.seconds > BARS.folderSeconds,
      tableOpening.seconds > BARS.tableSeconds,
      tableOpening.bytes > BARS.tableBytes,
      streamed.bytes > BARS.streamedBytes,
    ];
    return missed.filter(Boolean).length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Images per second at 224×224, and their ratio to torchvision's; undefined where that was not found. */
async function compareLoaders(
  form: LoaderForm,
  { width, height, count }: Photographs,
  python: string | undefined,
): Promise<number | undefined> {
  const other =
    python !== undefined && hasTorchvision(python) ? new Torchvision(python, form, WORKERS, ROUNDS) : undefined;
  if (!other) console.log("torchvision was not found (Debian's package python3-torchvision): no ratio follows.");
  // A third of the images fits.
  const ours = await StreamedImages.open(form, (count * 3 * form.size ** 2) / 3);
  const rounds: { readonly ours: number; readonly theirs: number }[] = [];
  let version: string | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const here = await ours.pass();
    const there = await other?.pass();
    version = there?.version ?? null;
    rounds.push({ ours: here.images / here.seconds, theirs: there ? there.images / there.seconds : NaN });
  }
  await ours.close();
  other?.close();
  const imagesPerSecond = median(rounds.map((round) => round.ours));
  const theirs = median(rounds.map((round) => round.theirs));
  const ratio = median(rounds.map((round) => round.ours / round.theirs));
  const comparison =
    version === null ? '' : `torchvision ${theirs.toFixed(0)} images/s  ratio ${ratio.toFixed(2)} (bar ${BARS.speed})`;
  console.log(
    `${`JPEG ${width}×${height} to ${form.size}×${form.size}`.padEnd(40)} ${imagesPerSecond.toFixed(0)} images/s  ${comparison}`,
  );
  note({
    name: `images of ${width}×${height} at ${form.size}×${form.size}`,
    imagesPerSecond,
    torchvision: version,
    ...(version !== null && { theirs, ratio }),
  });
  return version === null ? undefined : ratio;
}

/** Opens a dataset in a process of its own. */
function open(name: string, path: string, ...resize: string[]): Opening {
  const program = fileURLToPath(new URL('openData.ts', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', program, path, ...resize], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const opening = JSON.parse(stdout) as Opening;
  const megabytes = (opening.bytes / 1e6).toFixed(0);
  console.log(`${name.padEnd(40)} ${opening.seconds.toFixed(2)} s, ${megabytes} MB more resident memory`);
  note({ name, ...opening });
  return opening;
}

function note(figures: Readonly<Record<string, unknown>>): void {
  const machine = {
    processor: os.cpus()[0]?.model ?? 'unknown',
    threads: os.availableParallelism(),
    load: os.loadavg()[0] ?? 0,
  };
  const line = JSON.stringify({ date: new Date().toISOString(), mode: 'data', ...figures, machine });
  appendFileSync(new URL('history.jsonl', import.meta.url), `${line}\n`);
}

/** JPEGs of soft patches with grain. */
async function writePhotographs(folder: string, { width, height, count }: Photographs): Promise<void> {
  for (let index = 0; index < count; index++) {
    const random = randomStream(index, 'photograph');
    const patches = Uint8Array.from({ length: 25 * 19 * 3 }, () => random.integer(256));
    const raw = { width: 25, height: 19, channels: 3 } as const;
    const soft = await sharp(patches, { raw }).resize(width, height, { fit: 'fill', kernel: 'cubic' }).raw().toBuffer();
    for (let at = 0; at < soft.length; at++) {
      const grain = ((Math.imul(at ^ index, 0x85ebca6b) >>> 20) & 31) - 16;
      soft[at] = Math.max(0, Math.min(255, (soft[at] ?? 0) + grain));
    }
    const file = join(folder, `class${index % 2}`);
    mkdirSync(file, { recursive: true });
    await sharp(soft, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 85 })
      .toFile(join(file, `${Math.floor(index / 2)}.jpg`));
  }
}

/** Ten classes of files that are all links to one. */
function linkManyFiles(image: string, folder: string): void {
  for (let index = 0; index < MANY_FILES; index++) {
    const label = join(folder, `class${index % 10}`);
    if (index < 10) mkdirSync(label, { recursive: true });
    linkSync(image, join(label, `image-${index}.jpg`));
  }
}

function writeTable(path: string): void {
  const random = randomStream(0, 'table');
  const file = openSync(path, 'w');
  const numbers = Array.from({ length: COLUMNS - 1 }, (_, column) => `x${column}`);
  writeSync(file, `${[...numbers, 'y'].join(',')}\n`);
  const lines: string[] = [];
  for (let row = 1; row <= ROWS; row++) {
    const values = numbers.map(() => random.uniform(-100, 100).toFixed(3));
    lines.push([...values, random.uniform() < 0.5 ? 'a' : 'b'].join(','));
    if (lines.length === 10_000) writeSync(file, `${lines.splice(0).join('\n')}\n`);
  }
  closeSync(file);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}
