import type { FeaturePair } from '../objectiveTerm.ts';
import type { FeatureCandidate } from './candidates.ts';

/** A proposal: the values, and the stage that both end. */
export interface ProposedPair extends FeaturePair {
  readonly stage: string;
}

/**
 * Pairs of features to begin with: for every stage that both networks have (maps of the same size, token features,
 * vectors), the last value of each, in the student's order.
 */
export function proposePairs(
  student: readonly FeatureCandidate[],
  teacher: readonly FeatureCandidate[],
): ProposedPair[] {
  const lastOfTeacher = new Map(
    teacher.filter(({ lastOfStage }) => lastOfStage).map(({ stage, name }) => [stage, name]),
  );
  return student.flatMap(({ stage, name, lastOfStage }) => {
    const counterpart = lastOfTeacher.get(stage);
    return lastOfStage && counterpart !== undefined ? [{ student: name, teacher: counterpart, stage }] : [];
  });
}
