import { DistilleryError } from '../../errors.ts';
import { listFeatureCandidates, type FeatureCandidate } from '../../objectives/features/candidates.ts';
import type { ModelFile } from '../../onnx/file.ts';
import { importAnyBatch } from '../../onnx/importing/importAnyBatch.ts';
import { widenHalves } from '../../onnx/importing/singlePrecision.ts';

/**
 * The values inside a model that an experiment may name as features, in the order of computation. None of a model that
 * cannot be understood; `inspectModel` says why.
 */
export function listFeatures(file: ModelFile): readonly FeatureCandidate[] {
  try {
    return listFeatureCandidates(importAnyBatch(widenHalves(file)));
  } catch (error) {
    if (error instanceof DistilleryError && error.code !== 'INTERNAL') return [];
    throw error;
  }
}
