import type { Shape } from '../onnx/tensor.ts';
import { regressorsOf } from './features/appendRegressor.ts';
import { featurePairsOf, type FeaturePair, type ObjectiveTerm } from './objectiveTerm.ts';
import { largestOf } from './scheduledNumber.ts';

/** What decides how much terms compute. */
export interface CostContext {
  readonly batchSize: number;
  /** Numbers that a network puts out for one sample. */
  readonly outputs: number;
  /** Shape of a network's value, the batch first; undefined for what it does not have. */
  readonly shapeOf: (side: 'student' | 'teacher', name: string) => Shape | undefined;
}

/** Passes over the elements of a value that is compared element by element, each about as long as a product. */
const PASSES_OVER_ELEMENTS = 4;

/**
 * About how many multiply-accumulate operations of one sample the terms on values inside the networks take in the forward pass: their learned maps
 * (regressors, projections) and what is compared, pair by pair and element by element. Terms on outputs alone take next to nothing.
 */
export function macsOfTerms(terms: readonly ObjectiveTerm[], context: CostContext): number {
  const maps = regressorsOf(terms).map(({ kind, ...pair }) => {
    const [student, teacher] = [sizesOf('student', pair, context), sizesOf('teacher', pair, context)];
    return student.channels * teacher.channels * (kind === 'regressor' ? student.positions : 1);
  });
  const comparisons = terms.map((term) => macsOfComparing(term, context));
  return [...maps, ...comparisons].reduce((sum, each) => sum + each, 0);
}

function macsOfComparing(term: ObjectiveTerm, context: CostContext): number {
  const { batchSize, outputs } = context;
  const pairs = featurePairsOf(term).map(({ pair }) => ({
    student: sizesOf('student', pair, context),
    teacher: sizesOf('teacher', pair, context),
  }));
  const sum = (of: (pair: (typeof pairs)[number]) => number): number =>
    pairs.reduce((total, pair) => total + of(pair), 0);
  switch (term.loss) {
    case 'contrastive':
      return sum(({ teacher }) => (batchSize + (term.queue ?? 0)) * teacher.channels);
    case 'queue-similarity':
      return sum(({ teacher }) => 2 * term.queue * teacher.channels);
    case 'rkd': {
      const compared =
        pairs.length === 0 ? 2 * outputs : sum(({ student, teacher }) => student.elements + teacher.elements);
      const ofAngles = largestOf(term.angle) > 0 ? batchSize ** 2 : 0;
      return compared * (PASSES_OVER_ELEMENTS * batchSize + ofAngles);
    }
    case 'attention-transfer':
      return PASSES_OVER_ELEMENTS * sum(({ student, teacher }) => student.elements + teacher.elements);
    case 'hint':
    case 'cosine':
    case 'channel-wise':
      return PASSES_OVER_ELEMENTS * sum(({ teacher }) => 2 * teacher.elements);
    case 'labels':
    case 'binary-labels':
    case 'mse':
    case 'kd':
    case 'binary-kd':
    case 'dkd':
    case 'dist':
    case 'logit-mse':
    case 'teacher-mse':
    case 'probability-mse':
    case 'soft-cross-entropy':
    case 'hard-teacher-labels':
      return 0;
  }
}

interface Sizes {
  readonly channels: number;
  readonly positions: number;
  readonly elements: number;
}

/** Of a feature [B, D], [B, L, H] or [B, C, H, W]; nothing where it is not known. */
function sizesOf(side: 'student' | 'teacher', pair: FeaturePair, { shapeOf }: CostContext): Sizes {
  const [, ...dimensions] = shapeOf(side, pair[side]) ?? [];
  const lengths = dimensions.map((length) => (typeof length === 'number' ? length : 1));
  if (lengths.length === 0) return { channels: 0, positions: 0, elements: 0 };
  const elements = lengths.reduce((product, length) => product * length, 1);
  const channels = (lengths.length === 3 ? lengths[0] : lengths.at(-1)) ?? 1;
  return { channels, positions: elements / channels, elements };
}
