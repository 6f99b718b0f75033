import { dirname } from 'node:path';
import { listFeaturePairs } from '../experiment/listFeaturePairs.ts';
import { readExperimentFile } from '../experiment/readExperimentFile.ts';
import type { FeatureChoice } from '../protocol/features.ts';
import { renderTable } from './renderTable.ts';
import { painted, type Output, type Terminal } from './terminal.ts';

/**
 * Prints the values inside student and teacher of an experiment that losses on features can name, and pairs to begin with.
 *
 * @param file path of the experiment file
 * @throws BadInputError with every problem of teacher, dataset and student
 */
export async function inspectExperiment(file: string, asJson: boolean, terminal: Terminal): Promise<void> {
  const { out } = terminal;
  const interrupted = new AbortController();
  const stopListening = terminal.onInterrupt(() => {
    interrupted.abort();
  });
  try {
    const experiment = await readExperimentFile(file);
    const { signal } = interrupted;
    const { student, teacher, pairs } = await listFeaturePairs(experiment, { baseDirectory: dirname(file), signal });
    if (asJson) {
      out.write(`${JSON.stringify({ student, teacher, pairs }, null, 2)}\n`);
      return;
    }
    out.write(renderFeatures("The student's values", student, out));
    out.write(renderFeatures("The teacher's values", teacher, out));
    const rows = pairs.map((pair) => [pair.student, pair.teacher, pair.stage]);
    const title = painted(out, 'bold', 'Pairs to begin with: the last values of the stages that both have');
    const table = renderTable(['Student', 'Teacher', 'Stage'], rows, out, 3);
    out.write(rows.length > 0 ? `${title}\n${table}` : 'The two networks have no stage in common.\n');
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
