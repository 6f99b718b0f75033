import { basename, dirname, relative } from 'node:path';
import { sizesOf, type ForeseenFile, type ForecastOutputs } from '../preflight/teacherOutputs/forecastOutputs.ts';
import { inspectExperiment } from '../preflight/inspection/inspectExperiment.ts';
import { readExperimentFile } from '../experiment/readExperimentFile.ts';
import type { FeatureChoice } from '../protocol/features.ts';
import { formatBytes } from '../report/format.ts';
import { usualCacheFolder } from './commands/cacheCommand.ts';
import { renderTable } from './renderTable.ts';
import { painted, type Output, type Terminal } from './terminal.ts';

/**
 * Prints the values inside student and teacher of an experiment that losses on features can name, pairs to begin with, and what the
 * teachers' outputs take.
 *
 * @param file path of the experiment file
 * @throws BadInputError with every problem of teacher, dataset and student
 */
export async function printExperiment(file: string, asJson: boolean, terminal: Terminal): Promise<void> {
  const { out } = terminal;
  const interrupted = new AbortController();
  const stopListening = terminal.onInterrupt(() => {
    interrupted.abort();
  });
  try {
    const experiment = await readExperimentFile(file);
    const { signal } = interrupted;
    const { student, teacher, pairs, outputs } = await inspectExperiment(experiment, {
      baseDirectory: dirname(file),
      cacheFolder: usualCacheFolder(terminal.directory),
      signal,
    });
    if (asJson) {
      out.write(`${JSON.stringify({ student, teacher, pairs, outputs: outputs ?? null }, null, 2)}\n`);
      return;
    }
    out.write(renderFeatures("The student's values", student, out));
    out.write(renderFeatures("The teacher's values", teacher, out));
    const rows = pairs.map((pair) => [pair.student, pair.teacher, pair.stage]);
    const title = painted(out, 'bold', 'Pairs to begin with: the last values of the stages that both have');
    const table = renderTable(['Student', 'Teacher', 'Stage'], rows, out, 3);
    out.write(rows.length > 0 ? `${title}\n${table}` : 'The two networks have no stage in common.\n');
    if (outputs) out.write(`\n${renderOutputs(outputs, terminal)}`);
  } finally {
    stopListening();
  }
}

function renderFeatures(title: string, features: readonly FeatureChoice[], out: Output): string {
  const rows = features.map(({ name, shape, stage, lastOfStage }) => [
    name,
    `[${shape.join(', ')}]`,
    lastOfStage ? `last of ${stage}` : stage,
  ]);
  return `${painted(out, 'bold', title)}\n${renderTable(['Name', 'Shape', 'Stage'], rows, out, 3)}\n`;
}

const whenAsked = {
  beforehand: 'The teacher is asked before training begins.',
  'first-epoch': 'The teacher is asked in the first epoch.',
  views: 'The teacher is asked about every view in the first epoch that sees it.',
  'every-step': 'The teacher is asked at every step.',
} as const satisfies Record<ForecastOutputs['asked'], string>;

function renderOutputs(outputs: ForecastOutputs, { out, directory }: Terminal): string {
  const { asked, held, heldBytes, folder, files } = outputs;
  const bytes = formatBytes(heldBytes);
  const size =
    held === 'in-memory'
      ? ` What it says of the training split takes ${bytes} of memory.`
      : held === 'on-disk'
        ? ` What it says of the training split, ${bytes}, is read from the disk as it is needed.`
        : '';
  const title = `${painted(out, 'bold', "The teacher's outputs")}\n${whenAsked[asked]}${size}\n`;
  if (folder === undefined) return `${title}Nothing is kept on the disk.\n`;
  const groups = new Map<string, ForeseenFile[]>();
  for (const file of files) {
    const key = JSON.stringify([file.teacher, file.split, file.view === undefined]);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const table = renderTable(['Teacher', 'Split', 'Already there', 'Size'], [...groups.values()].map(rowOf), out, 3);
  const place = relative(directory, folder) || '.';
  const { stored, there } = sizesOf(outputs);
  return `${title}${table}${formatBytes(stored)} on the disk in '${place}', of which ${formatBytes(there)} are there already.\n`;
}

/** What is kept of one teacher for a split, or for the views of it. */
function rowOf(files: readonly ForeseenFile[]): readonly string[] {
  const [{ teacher, split, view } = { teacher: '', split: 'training', view: undefined }] = files;
  const found = files.filter(({ isThere }) => isThere).length;
  const views = view === undefined ? '' : `, ${files.length} ${files.length === 1 ? 'view' : 'views'}`;
  const there = found === 0 ? 'no' : found === files.length ? 'yes' : `${found} of ${files.length}`;
  return [basename(teacher), `${split}${views}`, there, formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0))];
}
