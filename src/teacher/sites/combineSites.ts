import type { SaidOfSplit } from './siteOutputs.ts';

/** How the probabilities of sites are averaged; see `combineSites`. */
export type SiteWeighting = 'familiarity' | 'confidence' | 'class-counts' | 'mean';

/** What a site says of some samples, and what it knows. */
export interface SiteVoice {
  readonly said: SaidOfSplit;
  /** The number that each of its classes has among all. */
  readonly classes: readonly number[];
  /** How many training samples of each of its classes it has. */
  readonly counts: readonly number[];
}

/** Beyond e^±30 one site alone is heard, and float32 holds neither. */
const MOST_FAMILIAR = 30;

/**
 * The sites as one teacher: p(c|x) ∝ Σ_s v_s(x) w_s(c) p_s(c|x), where p_s is the softmax of what site s says over the classes of which it
 * has samples. A class that no site has gets nothing.
 *
 * - `mean`: v = w = 1.
 * - `class-counts`: w_s(c) = n_s(c) / Σ_t n_t(c), the share of the class's samples that the site has (FedFTG, arXiv 2203.09249).
 * - `confidence`: the same, and v_s(x) = 1 − H(p_s(·|x)) / log C, from 1 for a site that is sure to 0 for one that knows nothing. A site with one
 *   class alone is always sure.
 * - `familiarity`: w = 1, and v_s(x) the odds that x is a sample of the site rather than a public one, by a network that learned to tell these at
 *   the site (DaFKD, CVPR 2023; FedAUX, arXiv 2102.02514). With odds by the numbers of samples it is what Bayes' rule
 *   gives for all samples in one place: Σ_s n_s p_s(x) p_s(c|x) over Σ_s n_s p_s(x); how many samples of which class a site has is in it.
 *
 * @returns logits [count, classes] whose softmax that is
 */
export function combineSites(
  voices: readonly SiteVoice[],
  {
    weighting,
    classes,
    count,
  }: { readonly weighting: SiteWeighting; readonly classes: number; readonly count: number },
): Float32Array {
  const weights = voices.map((voice) => classWeights(voice, voices, weighting));
  const logits = new Float32Array(count * classes);
  const mixed = new Float64Array(classes);
  for (let row = 0; row < count; row++) {
    mixed.fill(0);
    const loudest = Math.max(...voices.map(({ said }) => clamp(said.familiarity?.[row] ?? 0)));
    for (const [site, voice] of voices.entries()) {
      const probabilities = probabilitiesOf(voice, row);
      const heard = loudness(voice, { row, weighting, probabilities, classes, loudest });
      voice.classes.forEach((number, own) => {
        mixed[number] = (mixed[number] ?? 0) + heard * (weights[site]?.[own] ?? 0) * (probabilities[own] ?? 0);
      });
    }
    const total = mixed.reduce((sum, value) => sum + value, 0);
    for (let number = 0; number < classes; number++) {
      // Where nobody knows anything, all classes are alike.
      const share = total > 0 ? (mixed[number] ?? 0) / total : 1 / classes;
      logits[row * classes + number] = Math.log(Math.max(share, SMALLEST));
    }
  }
  return logits;
}

/** No logit is infinite. */
const SMALLEST = 1e-30;

/** w of every class of a site. */
function classWeights(
  { classes, counts }: SiteVoice,
  voices: readonly SiteVoice[],
  weighting: SiteWeighting,
): readonly number[] {
  if (weighting === 'mean' || weighting === 'familiarity') return classes.map(() => 1);
  return classes.map((number, own) => {
    const all = voices.reduce((sum, other) => sum + (other.counts[other.classes.indexOf(number)] ?? 0), 0);
    return all === 0 ? 0 : (counts[own] ?? 0) / all;
  });
}

/** Softmax of a row over the classes of which the site has samples. */
function probabilitiesOf({ said, classes, counts }: SiteVoice, row: number): readonly number[] {
  const width = classes.length;
  const logits = classes.map((_, own) =>
    (counts[own] ?? 0) > 0 ? (said.logits[row * width + own] ?? NaN) : -Infinity,
  );
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** v of a site for a row. */
function loudness(
  { said }: SiteVoice,
  {
    row,
    weighting,
    probabilities,
    classes,
    loudest,
  }: {
    readonly row: number;
    readonly weighting: SiteWeighting;
    readonly probabilities: readonly number[];
    readonly classes: number;
    readonly loudest: number;
  },
): number {
  switch (weighting) {
    case 'mean':
    case 'class-counts':
      return 1;
    case 'confidence': {
      const entropy = probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
      return Math.max(0, 1 - entropy / Math.log(classes));
    }
    case 'familiarity':
      return Math.exp(clamp(said.familiarity?.[row] ?? 0) - loudest);
  }
}

function clamp(logarithm: number): number {
  return Math.min(MOST_FAMILIAR, Math.max(-MOST_FAMILIAR, logarithm));
}
