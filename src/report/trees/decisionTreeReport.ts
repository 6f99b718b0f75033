/** A node of a decision tree, or a leaf. Node 0 is the root; nodes come after the node above them. */
export interface DecisionTreeNode {
  /** What is asked of a sample, such as `age ≤ 34.5` or `colour = red`, in the data's own units; null for a leaf. */
  readonly question: string | null;
  /** Where it goes on; −1 for a leaf. */
  readonly yes: number;
  readonly no: number;
  /** Test samples that come here. */
  readonly samples: number;
  /** Probability of every class, or the predicted numbers in their own units: of what lies below a node the mean, by its test samples. */
  readonly values: readonly number[];
}

/** The way of one test sample to its leaf. */
export interface DecisionTreePath {
  /** Index in the test split. */
  readonly sample: number;
  /** Its class or its numbers, and what the tree says, in words. */
  readonly truth: string;
  readonly predicted: string;
  readonly isRight: boolean;
  /** The nodes from the root to the leaf. */
  readonly nodes: readonly number[];
  /** What the sample has for the question of each node but the leaf, such as `age = 41`. */
  readonly facts: readonly string[];
}

/** `tree.json` of a student that is a decision tree: its rules, and what the test samples do in it. */
export interface DecisionTreeReport {
  readonly version: 1;
  readonly kind: 'decision-tree';
  /** Decisions on the longest way. */
  readonly depth: number;
  readonly leaves: number;
  /** Empty where numbers are predicted. */
  readonly classes: readonly string[];
  /** Names of the predicted numbers; empty where there are classes. */
  readonly targets: readonly string[];
  /** Samples of the test split. */
  readonly samples: number;
  readonly nodes: readonly DecisionTreeNode[];
  /** Some samples: such as are told right, and the worst mistakes. */
  readonly paths: readonly DecisionTreePath[];
}
