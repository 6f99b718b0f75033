import type { Targets } from '../../data/targets.ts';
import type { Task } from '../../data/task.ts';
import type { Decisions } from '../../report/quality.ts';
import { labelledRows } from '../measureOutputs.ts';
import type { Said } from '../comparison/scoreSamples.ts';
import { classDecisions } from './classDecisions.ts';
import { labelDecisions } from './labelDecisions.ts';

/** Figures of the decisions that a network takes; null where a task decides nothing. */
export function judgeDecisions(task: Task, { outputs, kind }: Said, targets: Targets): Decisions | null {
  switch (task.kind) {
    case 'classification':
      return targets.kind === 'classes' ? classDecisions(outputs, targets.labels, task.classes.length, kind) : null;
    case 'token-classification': {
      if (targets.kind !== 'tokens') return null;
      const rows = labelledRows(outputs, targets.labels, task.classes.length);
      return classDecisions(rows.outputs, rows.labels, task.classes.length, kind);
    }
    case 'multi-label':
      return targets.kind === 'values' ? labelDecisions(outputs, targets.values, task.classes.length, kind) : null;
    case 'regression':
    case 'reconstruction':
    case 'matching':
      return null;
  }
}
