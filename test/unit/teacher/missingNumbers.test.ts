import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { ints, text } from '../../../src/onnx/graph.ts';
import type { Attribute } from '../../../src/onnx/node.ts';
import { OperatorSetIdProtoSchema, type ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { teacherWidths } from '../../../src/preflight/teacherWidths.ts';
import { takesMissing } from '../../../src/teacher/foreign/missingNumbers.ts';
import { removeFolder, temporaryFolder } from '../../support/datasets.ts';
import { storedModel, type StoredNodeText } from '../../support/storedModel.ts';
import { matchToTable } from '../../support/tableTeacher.ts';

const floats = (...value: number[]): Attribute => ({ kind: 'floats', value });
const strings = (...value: string[]): Attribute => ({ kind: 'strings', value });

/** A tree: low where x is at most 100, else high, and low where x is missing if that is known. */
function tree(tracks: 0 | 1, byName = false): ModelProto {
  const attributes = {
    ...{ nodes_treeids: ints([0, 0, 0]), nodes_nodeids: ints([0, 1, 2]), nodes_featureids: ints([0, 0, 0]) },
    ...{ nodes_values: floats(100, 0, 0), nodes_modes: strings('BRANCH_LEQ', 'LEAF', 'LEAF') },
    ...{ nodes_truenodeids: ints([1, 0, 0]), nodes_falsenodeids: ints([2, 0, 0]) },
    nodes_missing_value_tracks_true: ints([tracks, 0, 0]),
    ...{
      class_treeids: ints([0, 0, 0, 0]),
      class_nodeids: ints([1, 1, 2, 2]),
      class_ids: ints([0, 1, 0, 1]),
      class_weights: floats(0.1, 0.9, 0.9, 0.1),
    },
    ...{ classlabels_strings: strings('high', 'low'), post_transform: text('NONE') },
  };
  const joined: readonly StoredNodeText[] = byName
    ? [['Concat', 'x z', 'rows', { axis: { kind: 'int', value: 1 } }]]
    : [];
  const model = storedModel(17, {
    inputs: byName ? { x: ['n', 1], z: ['n', 1] } : { rows: ['n', 2] },
    nodes: [...joined, ['TreeEnsembleClassifier', 'rows', 'label probabilities', attributes]],
    outputs: ['label', 'probabilities'],
    outputTypes: { label: 'string' },
  });
  model.graph!.node.at(-1)!.domain = 'ai.onnx.ml';
  model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: 'ai.onnx.ml', version: 3n }));
  return model;
}

/** Every fourth row lacks x, whose mean is far above 100. */
const table = `x,z,label\n${Array.from({ length: 120 }, (_, row) => {
  const x = row % 4 === 0 ? '' : row % 2 === 0 ? 10.5 + row / 10 : 900.25 + row;
  return `${x},${((row * 37) % 100) / 7},${x === '' || x < 200 ? 'low' : 'high'}`;
}).join('\n')}\n`;

describe('missing numbers', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
  });

  for (const byName of [false, true]) {
    for (const scaling of ['none', 'standard'] as const) {
      it(`reach a teacher that knows of them, ${byName ? 'column by column' : 'side by side'}, values ${scaling === 'none' ? 'as they are' : 'scaled'}`, async () => {
        const { matched } = await matchToTable(folder, table, tree(1, byName), { options: { scaling } });
        const told = matched.notes.join('\n');
        assert.match(told, /knows what to do where numbers are missing, so it gets none there \(NaN\): x/);
        assert.match(told, /decides 100\.0 % /);
      });
    }
  }

  it('are means for one that does not, in which a quarter of the rows is wrong', async () => {
    const { matched } = await matchToTable(folder, table, tree(0, true));
    const told = matched.notes.join('\n');
    assert.doesNotMatch(told, /NaN/);
    assert.doesNotMatch(told, /decides 100\.0 % /);
  });

  it('are known to trees that note their way, and to what imputes them', () => {
    assert.equal(takesMissing(tree(1)), true);
    assert.equal(takesMissing(tree(0)), false);
    // Its comparisons are with numbers that are larger than any that is missing.
    assert.equal(takesMissing({ ...tree(0), producerName: 'CatBoost' }), true);
    const imputer = tree(0);
    imputer.graph!.node[0]!.opType = 'Imputer';
    assert.equal(takesMissing(imputer), true);
    assert.equal(teacherWidths([{ proto: tree(1) }])?.takesMissing, true);
    assert.equal(teacherWidths([{ proto: tree(1) }, { proto: tree(0) }])?.takesMissing, undefined);
  });
});
