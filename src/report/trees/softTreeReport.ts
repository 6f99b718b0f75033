/** An inner node of a soft decision tree. Nodes are numbered from the root, level by level: 2n + 1 and 2n + 2 follow n. */
export interface SoftTreeNode {
  /** Its filter, one weight for every number of a sample; null where all filters together would be too long to write. */
  readonly weights: readonly number[] | null;
  readonly bias: number;
  /** Test samples whose likeliest leaf lies below. */
  readonly samples: number;
  /** Mean probability of a test sample to come here. */
  readonly probability: number;
  /** Share of what comes here that goes right, 0…1. */
  readonly right: number;
}

/** A leaf; leaves are numbered from left to right. */
export interface SoftTreeLeaf {
  /** Probability of every class. */
  readonly distribution: readonly number[];
  /** Test samples for which it is the likeliest leaf. */
  readonly samples: number;
  /** Mean probability of a test sample to end here. */
  readonly probability: number;
}

/** The way of one test sample to its likeliest leaf. */
export interface SoftTreePath {
  /** Index in the test split. */
  readonly sample: number;
  /** The sample as the tree sees it. */
  readonly values: readonly number[];
  readonly label: number;
  readonly predicted: number;
  readonly leaf: number;
  /** Probability of the leaf. */
  readonly probability: number;
  /** Probability of going right at every node on the way, from the root on. */
  readonly right: readonly number[];
}

/** `tree.json`: a student that is a soft decision tree, and what the test samples do in it. */
export interface SoftTreeReport {
  readonly version: 1;
  readonly depth: number;
  readonly predict: 'mean' | 'best-leaf';
  readonly classes: readonly string[];
  /** Dimensions of a sample. */
  readonly sampleShape: readonly number[];
  /** Names of the numbers of a sample, where the data has them. */
  readonly features: readonly string[] | null;
  /** Samples of the test split. */
  readonly samples: number;
  readonly nodes: readonly SoftTreeNode[];
  readonly leaves: readonly SoftTreeLeaf[];
  /** Some samples: the first one of every class that is told right, and the mistakes that the tree is surest of. */
  readonly paths: readonly SoftTreePath[];
}
