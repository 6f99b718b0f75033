import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import type { Rows } from './fitData.ts';
import type { Criterion } from './tree/impurity.ts';
import type { Tree } from './tree/tree.ts';

/** One decision tree (CART). */
export interface DecisionTreeOptions {
  readonly architecture: 'decision-tree';
  readonly criterion: Criterion;
  /** Most decisions from the root to a leaf; unlimited where left out. */
  readonly depth?: number | undefined;
  /** Most leaves; unlimited where left out. */
  readonly leaves?: number | undefined;
  /** Fewest training samples of a leaf. */
  readonly minLeaf: number;
  /** Whether branches are cut back as the validation split says. */
  readonly pruning: 'validation' | 'none';
  /** What a leaf costs: branches that are worth less are cut back, whatever the validation split says. */
  readonly alpha?: number | undefined;
}

/** Trees that are grown one after another, each on what those before it left (on histograms, as scikit-learn's HistGradientBoosting). */
export interface GradientBoostingOptions {
  readonly architecture: 'gradient-boosting';
  /** Rounds, in each of which a tree is grown for every score. */
  readonly rounds: number;
  readonly learningRate: number;
  /** Most leaves of a tree. */
  readonly leaves: number;
  /** Most decisions from the root to a leaf; unlimited where left out. */
  readonly depth?: number | undefined;
  /** Fewest training samples of a leaf. */
  readonly minLeaf: number;
  readonly l2: number;
  /** Rounds without a better one on the validation split that end the fit; by default it goes on to the last. */
  readonly patience?: number | undefined;
}

/** Trees on rows that are drawn with replacement, and features that are drawn for each split. */
export interface RandomForestOptions {
  readonly architecture: 'random-forest';
  readonly trees: number;
  readonly criterion: Criterion;
  readonly depth?: number | undefined;
  readonly leaves?: number | undefined;
  readonly minLeaf: number;
  /** Share of the features that are looked at for a split; by default the square root of their number, of predicted numbers all. */
  readonly features?: number | undefined;
  readonly bootstrap: boolean;
}

/** Logistic regression, or ridge regression of numbers. */
export interface LinearOptions {
  readonly architecture: 'linear';
  /** C: what the loss counts against small weights. */
  readonly strength: number;
}

/** A support vector machine, as plain tensors. */
export interface SvmOptions {
  readonly architecture: 'svm';
  readonly kernel: 'linear' | 'rbf';
  /** C: what the loss counts against small weights. */
  readonly strength: number;
  /** γ of exp(−γ |x − y|²); by default 1 / (features · variance). */
  readonly gamma?: number | undefined;
  /** Random features that stand for the kernel. */
  readonly components: number;
}

/** A model that is fitted at once instead of being trained step by step, with every default filled in. */
export type EstimatorOptions =
  | DecisionTreeOptions
  | RandomForestOptions
  | GradientBoostingOptions
  | LinearOptions
  | SvmOptions;

/** An estimator after its fit. */
export interface FittedEstimator {
  /**
   * Adds what computes it to a graph.
   * @param rows [batch, features]
   * @returns logits of classes, or numbers: [batch, width]
   */
  append(graph: Graph, rows: Value): Value;
  /** What it gives for rows, computed here in double precision: what `append` has to give, too. [count, width] */
  predict(rows: Rows): Float32Array;
  /** Rounds of its fit that are kept, counted from 1. */
  readonly rounds: number;
  /** What came of it, in words. */
  readonly summary: string;
  /** The tree, where it is one. */
  readonly tree?: Tree | undefined;
}

/** Whether what an experiment describes is an estimator. */
export function isEstimator(network: { readonly architecture: string }): network is EstimatorOptions {
  return Object.hasOwn(NAMES, network.architecture);
}

const NAMES: Readonly<Record<EstimatorOptions['architecture'], true>> = {
  'decision-tree': true,
  'random-forest': true,
  'gradient-boosting': true,
  linear: true,
  svm: true,
};
