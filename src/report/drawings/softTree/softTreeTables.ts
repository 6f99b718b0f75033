import { formatInteger, formatPercent } from '../../format.ts';
import type { SectionTable } from '../../reportSection.ts';
import { label, type LabelledText } from '../../wording/reportText.ts';
import type { SoftTreePath, SoftTreeReport } from '../../trees/softTreeReport.ts';
import { childrenOf, depthOf, leadingFeatures, nameClasses, wayTo } from './nodes.ts';

/** Every decision of the tree: what it sends where, and what it looks at. */
export function nodeTable(tree: SoftTreeReport): SectionTable {
  return {
    head: [
      label('Node'),
      label('Level'),
      label('Samples'),
      label('Go right'),
      label('To the left'),
      label('To the right'),
      label('Looks most at'),
    ],
    rows: tree.nodes.map((node, index) => {
      const [left, right] = childrenOf(index);
      const features = leadingFeatures(tree, node, 3).map(({ name, weight }) => `${weight < 0 ? '−' : '+'} ${name}`);
      return [
        String(index),
        String(depthOf(index)),
        formatInteger(node.samples),
        formatPercent(node.right, 1),
        nameClasses(tree, left, 3),
        nameClasses(tree, right, 3),
        features.join(', '),
      ];
    }),
  };
}

/** Every leaf of the tree, and its classes. */
export function leafTable(tree: SoftTreeReport): SectionTable {
  return {
    head: [label('Leaf'), label('Samples'), label('Mean probability'), label('Classes')],
    rows: tree.leaves.map((leaf, index) => [
      String(index),
      formatInteger(leaf.samples),
      formatPercent(leaf.probability),
      nameClasses(tree, tree.nodes.length + index, 3),
    ]),
  };
}

/** One decision on the way of a sample. */
export interface Turn {
  readonly node: number;
  readonly goesRight: boolean;
  /** Probability of the turn that leads to the leaf. */
  readonly probability: number;
  /** The numbers of the sample that move the decision most, weight times value, and where they push; without filters none. */
  readonly reasons: readonly string[];
}

/** The decisions on the way of a sample to its likeliest leaf. */
export function turnsOf(tree: SoftTreeReport, path: SoftTreePath): readonly Turn[] {
  return wayTo(tree, path.leaf).map((node, index) => {
    const right = path.right[index] ?? 0;
    const goesRight = (path.leaf & (1 << (tree.depth - 1 - index))) !== 0;
    const weights = tree.nodes[node]?.weights?.map((weight, place) => weight * (path.values[place] ?? 0)) ?? null;
    return {
      node,
      goesRight,
      probability: goesRight ? right : 1 - right,
      reasons: leadingFeatures(tree, { weights }, 3).map(({ name, weight }) => `${name} ${weight < 0 ? '←' : '→'}`),
    };
  });
}

/** Which sample a way belongs to, and what the tree makes of it. */
export function nameOfWay({ classes }: Pick<SoftTreeReport, 'classes'>, path: SoftTreePath): LabelledText {
  const { sample, label: truth, predicted } = path;
  const name = (index: number): string => classes[index] ?? String(index);
  return truth === predicted
    ? label('Sample {0}: {1}, as the tree says', `${sample}`, name(truth))
    : label('Sample {0}: {1}, but the tree says {2}', `${sample}`, name(truth), name(predicted));
}

/** Where a sample ends, with its probability. */
export function endOfWay(path: SoftTreePath): LabelledText {
  return label('leaf {0}, reached with {1}', `${path.leaf}`, formatPercent(path.probability, 0));
}

/** Where a decision sends a sample, with its probability. */
export function directionOf({ goesRight, probability }: Turn): LabelledText {
  const share = formatPercent(probability, 0);
  return goesRight ? label('right {0}', share) : label('left {0}', share);
}

/** What has to be known to read the drawing of a tree. */
export function explainDrawing(tree: SoftTreeReport, hasPictures: boolean): readonly LabelledText[] {
  return [
    label('Every node decides by a weighted sum of the sample whether it goes to the left or to the right.'),
    hasPictures
      ? label('Orange is what sends it to the right, blue what sends it to the left.')
      : label(
          'It names the numbers that it looks at most: large ones send to the right where the sign is +, to the left where it is −.',
        ),
    label(
      'Counts are of test samples, each on the way to its likeliest leaf; lines are as thick as what goes along them.',
    ),
    tree.predict === 'mean'
      ? label('What the tree says is the mean of all leaves by their probability.')
      : label('What the tree says is its likeliest leaf.'),
  ];
}
