import * as z from 'zod';

const count = z.int().positive();

const depth = count.max(64).optional().describe('Most decisions from the root to a leaf. Default: as many as help.');

const criterion = z
  .enum(['gini', 'entropy'])
  .default('gini')
  .describe('What splits make small: Gini impurity, which for numbers is the variance, or entropy.');

export const decisionTree = z
  .strictObject({
    architecture: z.literal('decision-tree'),
    depth,
    leaves: count.min(2).max(100_000).optional().describe('Most leaves. Default: as many as help.'),
    minLeaf: count.max(1_000_000).default(1).describe('Fewest training samples of a leaf.'),
    criterion,
    pruning: z
      .enum(['validation', 'none'])
      .default('validation')
      .describe('Cut branches back as the validation split says (cost-complexity pruning), or leave all.'),
    alpha: z
      .number()
      .min(0)
      .optional()
      .describe('What a leaf costs: branches that help less are cut back, whatever the validation split says.'),
  })
  .describe('A decision tree (CART), for tables: rules that a person can read.');

export const randomForest = z
  .strictObject({
    architecture: z.literal('random-forest'),
    trees: count.max(10_000).default(100).describe('Trees of the forest.'),
    depth,
    leaves: count.min(2).max(100_000).optional().describe('Most leaves of a tree. Default: as many as help.'),
    minLeaf: count.max(1_000_000).default(1).describe('Fewest training samples of a leaf.'),
    criterion,
    features: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe(
        'Share of the features that are looked at for a split. Default: the square root of their number; of predicted numbers all.',
      ),
    bootstrap: z.boolean().default(true).describe('Whether every tree is grown on samples drawn with replacement.'),
  })
  .describe(
    'Decision trees on samples and features that are drawn at random, for tables; it says the mean of its trees.',
  );

export const gradientBoosting = z
  .strictObject({
    architecture: z.literal('gradient-boosting'),
    rounds: count.max(100_000).default(100).describe('Rounds, in each of which a tree is added for every class.'),
    learningRate: z.number().min(1e-6).max(1).default(0.1).describe('What every tree is multiplied by.'),
    leaves: count.min(2).max(65_536).default(31).describe('Most leaves of a tree.'),
    depth,
    minLeaf: count.max(1_000_000).default(20).describe('Fewest training samples of a leaf.'),
    l2: z.number().min(0).max(1e9).default(0).describe('Makes the steps of leaves with few samples smaller.'),
    patience: count
      .max(100_000)
      .optional()
      .describe('Rounds without a better one on the validation split that end the fit. Default: all are done.'),
  })
  .describe('Trees that are added one after another, each to what those before it left, on histograms: for tables.');

const strength = z
  .number()
  .min(1e-9)
  .max(1e9)
  .default(1)
  .describe('C of scikit-learn: what the loss of a sample counts against small weights.');

export const linear = z
  .strictObject({ architecture: z.literal('linear'), strength })
  .describe('Logistic regression; of predicted numbers ridge regression.');

export const svm = z
  .strictObject({
    architecture: z.literal('svm'),
    kernel: z
      .enum(['linear', 'rbf'])
      .default('rbf')
      .describe('Linear, or radial (RBF) by random Fourier features, which keep it a plain network.'),
    strength,
    gamma: z
      .number()
      .min(1e-9)
      .max(1e9)
      .optional()
      .describe('γ of the radial kernel exp(−γ |x − y|²). Default: 1 / (features · variance).'),
    components: count.max(100_000).default(1000).describe('Random features that stand for the radial kernel.'),
  })
  .describe('Support vector machine with the squared hinge, each class against the rest.');
