import type { DecisionTreePath, DecisionTreeReport } from '../../trees/decisionTreeReport.ts';
import { formatInteger } from '../../format.ts';
import { label, type LabelledText } from '../../wording/reportText.ts';
import { nodeAt, nodesBelow, sayingsOf, type NumberedNode } from './decisionNodes.ts';

/** The rules of a tree as indented lines: each question, and below it what follows where the answer is yes, and where it is no. */
export function ruleLines(tree: DecisionTreeReport, levels = Infinity): readonly string[] {
  return linesBelow(tree, nodeAt(tree, 0), '', levels);
}

function linesBelow(tree: DecisionTreeReport, node: NumberedNode, indent: string, levels: number): readonly string[] {
  const { question } = node;
  if (question === null) return [`${indent}→ ${endOf(tree, node)}`];
  if (levels === 0) return [`${indent}… ${endOf(tree, node)}`];
  const [yes, no] = nodesBelow(tree, node);
  return [
    `${indent}${question}:`,
    ...(yes ? linesBelow(tree, yes, `${indent}  `, levels - 1) : []),
    `${indent}${opposite(question)}:`,
    ...(no ? linesBelow(tree, no, `${indent}  `, levels - 1) : []),
  ];
}

/** What holds where the answer is no. */
export function opposite(question: string): string {
  if (question.includes(' ≤ ')) return question.replace(/ ≤ (?!.* ≤ )/, ' > ');
  if (question.includes(' = ')) return question.replace(' = ', ' ≠ ');
  return question.replace(/ missing$/, ' not missing');
}

function endOf(tree: DecisionTreeReport, node: NumberedNode): string {
  return `${sayingsOf(tree, node, 3).join(', ')} (${formatInteger(node.samples)})`;
}

/** One decision on the way of a sample. */
export interface DecisionTurn {
  readonly node: number;
  readonly question: string;
  /** What the sample has for it. */
  readonly fact: string;
  readonly isYes: boolean;
}

/** The decisions on the way of a sample to its leaf. */
export function decisionTurns(tree: DecisionTreeReport, { nodes, facts }: DecisionTreePath): readonly DecisionTurn[] {
  return nodes.slice(0, -1).map((node, index) => {
    const { question, yes } = nodeAt(tree, node);
    return { node, question: question ?? '', fact: facts[index] ?? '', isYes: nodes[index + 1] === yes };
  });
}

/** What the leaf says that a sample comes to. */
export function endOfDecisions(tree: DecisionTreeReport, { nodes }: DecisionTreePath): string {
  return sayingsOf(tree, nodeAt(tree, nodes.at(-1) ?? 0), 3).join(', ');
}

/** Which sample a way belongs to, and what the tree makes of it. */
export function nameOfDecisions({ sample, truth, predicted, isRight }: DecisionTreePath): LabelledText {
  if (truth === '') return label('Sample {0}: the tree says {1}', `${sample}`, predicted);
  return isRight
    ? label('Sample {0}: {1}, as the tree says', `${sample}`, truth)
    : label('Sample {0}: {1}, but the tree says {2}', `${sample}`, truth, predicted);
}

/** What has to be known to read the drawing of a tree. */
export function explainDecisions(tree: DecisionTreeReport): readonly LabelledText[] {
  return [
    label('A tree of {0} leaves, at most {1} decisions deep.', formatInteger(tree.leaves), formatInteger(tree.depth)),
    label('Where the answer is yes, it goes on to the left.'),
    label('Counts are of test samples; lines are as thick as what goes along them.'),
  ];
}
