import {
  featurePairsOf,
  preparedTargetsOf,
  type ObjectiveTerm,
  type PreparedTarget,
} from '../objectives/objectiveTerm.ts';
import type { AskOptions } from './askTeacher.ts';
import type { View } from './cache/outputCache.ts';
import type { Asking } from './openSource.ts';

/** Outputs of one teacher that make one file of the cache. */
export interface OutputFile {
  /** Which of the teachers, counted from 0. */
  readonly teacher: number;
  readonly split: 'training' | 'validation';
  /** Of the training split; undefined where the samples are as they were. */
  readonly view: View | undefined;
  /** Names of values inside it that are in the file beside its output. */
  readonly features: readonly string[];
  /** How many of the most probable classes the file has of every distribution; undefined where it has all. */
  readonly topK: number | undefined;
}

/** When teachers are asked, where targets are made of what they say. */
export function whenAsked(
  asking: Asking = { kind: 'beforehand', held: 'in-memory' },
  prepared: ReadonlyMap<string, PreparedTarget>,
): Asking {
  return asking.kind === 'first-epoch' && prepared.size > 0 ? { kind: 'beforehand', held: asking.held } : asking;
}

/** Whether a teacher is asked about the samples of the training split as they are. */
export function trainingOf(asking: Asking, prepared: ReadonlyMap<string, PreparedTarget>): AskOptions['training'] {
  switch (asking.kind) {
    case 'beforehand':
      return asking.held === 'in-memory' ? 'now' : 'not';
    case 'first-epoch':
      return asking.held === 'in-memory' ? 'if-kept' : 'not';
    case 'views':
    case 'every-step':
      // Clusters are found in them.
      return [...prepared.values()].some((target) => target !== 'rank-weighted') ? 'now' : 'not';
  }
}

/** Names of values inside the first teacher that the objective compares. */
export function comparedFeatures(objective: readonly ObjectiveTerm[]): readonly string[] {
  return [...new Set(objective.flatMap(featurePairsOf).map(({ pair }) => pair.teacher))];
}

export interface PlannedTeaching {
  /** Number of the teachers. */
  readonly teachers: number;
  readonly objective: readonly ObjectiveTerm[];
  readonly asking: Asking;
  readonly topK: number | undefined;
  /** Number of the epochs; a view that none of them sees is not asked about. */
  readonly epochs: number;
}

/** The files that `teach` and the training after it read from the cache, or leave there. */
export function outputFiles({ teachers, objective, asking, topK, epochs }: PlannedTeaching): readonly OutputFile[] {
  const features = comparedFeatures(objective);
  const prepared = preparedTargetsOf(objective);
  const asked = whenAsked(asking, prepared);
  const isUnaltered = asked.kind === 'beforehand' || asked.kind === 'first-epoch';
  return Array.from({ length: teachers }, (_, teacher): OutputFile[] => {
    const training = { teacher, split: 'training', view: undefined, topK } as const;
    const compared = teacher === 0 ? features : [];
    const files: OutputFile[] = [{ teacher, split: 'validation', view: undefined, features: [], topK: undefined }];
    if (isUnaltered) files.push({ ...training, features: compared });
    else if (trainingOf(asked, prepared) === 'now') {
      files.push({ ...training, features: [], topK: asked.kind === 'every-step' ? undefined : topK });
    }
    if (asked.kind === 'views') {
      const { batchAugmentation } = asked;
      for (let number = 0; number < Math.min(asked.views, epochs); number++) {
        files.push({ ...training, features: compared, view: { batchAugmentation, number } });
      }
    }
    return files;
  }).flat();
}
