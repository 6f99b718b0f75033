import type { Dataset } from '../../data/dataset.ts';
import type { Targets } from '../../data/targets.ts';
import { measureOutputs } from '../../evaluation/measureOutputs.ts';
import { formatInteger, formatLoss, formatPercent } from '../../report/format.ts';
import type { ProbeSamples } from '../../teacher/matching/probe.ts';
import { asLogits, outputKind } from '../../teacher/outputKind.ts';

/**
 * Measures what a teacher says of validation samples against their targets.
 *
 * @returns one sentence
 *
 * @param outputs of the samples as the task wants them
 * @param output the name of the teacher's output
 */
export function measureTeacher(
  { task }: Pick<Dataset, 'task'>,
  outputs: Float32Array,
  { targets, values, count }: ProbeSamples,
  output: string,
): string {
  const truth = targetsOf(targets, values, count);
  if (task.kind === 'matching' || truth.kind === 'none') {
    return `The dataset has no labels, so how good the teacher is cannot be measured; its output is '${output}'.`;
  }
  const kind = outputKind(task, outputs);
  const metrics = measureOutputs(task, asLogits(task, outputs, kind), truth, { outputs: 'logits' });
  const share = formatPercent(metrics.accuracy ?? 0, 1);
  const given = `its output '${output}' gives ${kind}`;
  switch (task.kind) {
    case 'classification':
      return rightly(share, count, 'validation samples', given);
    case 'token-classification':
      return rightly(share, count, 'validation texts, token by token,', given);
    case 'multi-label':
      return rightly(share, count, 'validation samples, label by label,', given);
    case 'reconstruction': {
      return `The teacher's mean squared error on ${count} validation samples is ${formatLoss(metrics.loss)} (output '${output}').`;
    }
    case 'regression': {
      const determination = metrics.deviation?.determination ?? NaN;
      return `The teacher's R² on ${count} validation samples is ${formatDetermination(determination)} (output '${output}').`;
    }
  }
}

function rightly(share: string, count: number, what: string, given: string): string {
  return `The teacher decides ${share} of ${count} ${what} rightly; ${given}.`;
}

/** R² with three digits after the point, or as a whole number where it is far off. */
export function formatDetermination(determination: number): string {
  const written = Math.abs(determination) < 100 ? determination.toFixed(3) : formatInteger(determination);
  return written.replace('-', '−');
}

function targetsOf(targets: Targets, values: Float32Array, count: number): Targets {
  return targets.kind === 'samples' ? { kind: 'values', values, width: values.length / count } : targets;
}
