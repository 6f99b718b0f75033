import assert from 'node:assert/strict';
import { describeDecisionTree } from '../../../../src/evaluation/decisionTree/describeDecisionTree.ts';
import { outlineTree } from '../../../../src/evaluation/decisionTree/outlineTree.ts';
import type { Tree } from '../../../../src/estimators/tree/tree.ts';
import { decisionPartsBelow } from '../../../../src/report/drawings/decisionTree/decisionNodes.ts';
import { opposite, ruleLines } from '../../../../src/report/drawings/decisionTree/decisionTexts.ts';
import { drawDecisionTree } from '../../../../src/report/drawings/decisionTree/drawDecisionTree.ts';
import { decisionTreeReportSchema } from '../../../../src/report/trees/decisionTreeReportSchema.ts';
import { inEnglish } from '../../../../src/report/wording/reportText.ts';
import { decisionTreeSection } from '../../../../src/rendering/decisionTreeSection.ts';

/** Asks for the first number, and where it is larger for the category of the second. */
const tree: Tree = {
  feature: Int32Array.of(0, -1, 2, -1, -1),
  threshold: Float32Array.of(0.5, 0, 0.5, 0, 0),
  left: Int32Array.of(1, -1, 3, -1, -1),
  right: Int32Array.of(2, -1, 4, -1, -1),
  width: 2,
  values: Float64Array.of(0, 0, 0.9, 0.1, 0, 0, 0.2, 0.8, 0.6, 0.4),
  rows: new Int32Array(5),
  weight: new Float64Array(5),
  impurity: new Float64Array(5),
};
const dataset = {
  task: { kind: 'classification', classes: ['pear', 'plum'] },
  sampleShape: [4],
  preparation: {
    kind: 'table',
    targets: [],
    columns: [
      { kind: 'number', name: 'mass', mean: 100, std: 20, fill: 0 },
      { kind: 'category', name: 'colour', categories: ['red', 'blue', 'green'], missing: false },
    ],
  },
} as const;
const rows = { count: 3, features: 4, values: Float32Array.of(0, 1, 0, 0, 1, 1, 0, 0, 2, 0, 1, 0) };
const truth = { kind: 'classes', labels: Int32Array.of(0, 0, 0) } as const;
const report = describeDecisionTree({ tree, dataset, rows, truth });

describe('describeDecisionTree', () => {
  it('asks in the words and units of the data, and counts test samples', () => {
    assert.deepEqual(
      report.nodes.map(({ question, yes, no, samples }) => [question, yes, no, samples]),
      [
        ['mass ≤ 110', 1, 2, 3],
        [null, -1, -1, 1],
        ['colour = blue', 4, 3, 2],
        [null, -1, -1, 1],
        [null, -1, -1, 1],
      ],
    );
    // Above leaves the mean by what comes to them.
    assert.deepEqual(report.nodes[2]!.values, [0.4, 0.6]);
    assert.deepEqual(decisionTreeReportSchema.parse(JSON.parse(JSON.stringify(report))), report);
  });

  it('follows a sample that is told right, and the mistakes', () => {
    assert.deepEqual(
      report.paths.map(({ sample, predicted, isRight, nodes }) => ({ sample, predicted, isRight, nodes })),
      [
        { sample: 0, predicted: 'pear', isRight: true, nodes: [0, 1] },
        { sample: 1, predicted: 'plum', isRight: false, nodes: [0, 2, 3] },
      ],
    );
    assert.deepEqual(report.paths[1]!.facts, ['mass = 120', 'colour ≠ blue']);
  });

  it('has numbers in their own units', () => {
    const regression = {
      ...dataset,
      task: { kind: 'regression', targets: ['price', 'age'] },
      preparation: { ...dataset.preparation, targets: [{ name: 'price', mean: 1000, std: 100 }] },
    } as const;
    const values = { kind: 'values', width: 2, values: new Float32Array(6) } as const;
    const described = describeDecisionTree({ tree, dataset: regression, rows, truth: values });
    assert.deepEqual(described.nodes[1]!.values, [1090, 0.1]);
    assert.deepEqual(described.targets, ['price', 'age']);
    assert.ok(described.paths.some(({ truth: said }) => said === '1000, 0'));
  });
});

describe('a decision tree in the report', () => {
  it('is written as rules', () => {
    assert.deepEqual(ruleLines(report), [
      'mass ≤ 110:',
      '  → pear: 90 %, plum: 10 % (1)',
      'mass > 110:',
      '  colour = blue:',
      '    → pear: 60 %, plum: 40 % (1)',
      '  colour ≠ blue:',
      '    → plum: 80 %, pear: 20 % (1)',
    ]);
    assert.deepEqual(outlineTree(report, 1).slice(1), [
      'mass ≤ 110:',
      '  → pear: 90 %, plum: 10 % (1)',
      'mass > 110:',
      '  … plum: 60 %, pear: 40 % (2)',
    ]);
    assert.deepEqual(['a ≤ b ≤ 3', 'x missing', 'a = b'].map(opposite), ['a ≤ b > 3', 'x not missing', 'a ≠ b']);
  });

  it('is drawn with its questions, its leaves and the way that is marked', () => {
    const { text } = drawDecisionTree(report, 0, { write: inEnglish, way: [0, 2, 4] });
    for (const part of ['mass ≤ 110', 'colour = blue', 'pear: 90 %', 'aria-label="The decisions']) {
      assert.ok(text.includes(part), part);
    }
    assert.equal(text.match(/class="branch on-way"/g)?.length, 2);
    assert.doesNotMatch(text, /NaN|undefined|Infinity/);
    assert.deepEqual(decisionPartsBelow(report, 0), []);
  });

  it('escapes names, and has its rules and ways in the page', () => {
    const named = { ...report, classes: ['<b>', 'plum'] };
    const { text } = decisionTreeSection(named);
    assert.ok(!text.includes('<b>') && text.includes('&lt;b&gt;'));
    assert.equal(text.match(/class="way"/g)?.length, 2);
  });
});
