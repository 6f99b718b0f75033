import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { BadInputError } from '../../../../src/errors.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import type { Graph } from '../../../../src/onnx/graph.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { buildStudent } from '../../../../src/students/buildStudent.ts';
import { classifierForm } from '../../../../src/students/networkForm.ts';
import { initializeFromTeacher, spacedLayers } from '../../../../src/students/transformer/initializeFromTeacher.ts';
import { exportedBert } from '../../../support/exportedBert.ts';
import { assertClose } from '../../../support/gradientCheck.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { textFeeds } from '../../../support/texts.ts';

interface Size {
  readonly layers: number;
  readonly heads?: number;
  readonly hidden?: number;
  readonly length?: number;
  readonly dropout?: number;
  readonly seed?: number;
}

function transformer({ layers, heads = 2, hidden = 8, length = 6, dropout = 0, seed = 0 }: Size): Graph {
  return buildStudent(
    { architecture: 'transformer', layers, heads, hidden, dropout, pooling: 'first' },
    { samples: { kind: 'tokens', length, vocabulary: 9, padding: 0 }, output: { kind: 'logits', classes: 2 } },
    randomStream(seed, 'weights'),
  );
}

/** The graph after it was written to a file and read again. */
function stored(graph: Graph): Graph {
  return importGraph(exportModel(graph, { name: 'teacher' }));
}

const contents = (graph: Graph, name: string): number[] => Array.from(graph.initializers.get(name)!.data, Number);
const feeds = textFeeds([[3, 4, 5], [1, 2, 3, 4, 5, 6], [7]], { length: 6, padding: 0 });
const bertSize = { layers: 2, heads: 2, hidden: 8, length: 6, vocabulary: 9 };

describe('initializeFromTeacher', () => {
  it("spaces layers as DistilBERT's authors did", () => {
    assert.deepEqual(spacedLayers(12, 6), [0, 2, 4, 7, 9, 11]);
    assert.deepEqual(spacedLayers(6, 6), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(spacedLayers(4, 1), [0]);
    assert.deepEqual(spacedLayers(2, 3), [0, 1, 1]);
  });

  it('takes embeddings and the chosen layers of a teacher of the same kind, and leaves the head fresh', () => {
    const teacher = stored(transformer({ layers: 4, dropout: 0.1, seed: 1 }));
    const student = transformer({ layers: 2, dropout: 0.2 });
    const head = contents(student, 'output.weight');
    const { taken, fresh } = initializeFromTeacher(student, teacher, [1, 3]);
    assert.equal(taken.size, 4 + 2 * 16);
    assert.equal(fresh.size, 0);
    for (const [name, from] of taken) {
      const expected = name.replace(/layer\.(\d)/, (_, layer: string) => `layer.${2 * Number(layer) + 1}`);
      assert.equal(from, expected);
      assert.deepEqual(contents(student, name), contents(teacher, from));
    }
    assert.deepEqual(contents(student, 'output.weight'), head);
  });

  it('computes what an exported BERT computes, once all of its layers are taken', async () => {
    const teacher = stored(exportedBert(bertSize));
    const student = transformer({ layers: 2 });
    const { taken, fresh } = initializeFromTeacher(student, teacher);
    assert.equal(taken.size, 4 + 2 * 16);
    assert.deepEqual([...fresh], []);
    student.outputs.splice(0, 1, student.value('encoder.layer.1.normalization'));
    const types = { shape: [3, 6], data: new Float64Array(18) };
    const theirs = (await runGraph(teacher, new Map([...feeds, ['token_type_ids', types]]))).get('last_hidden_state')!;
    const ours = (await runGraph(student, feeds)).get('encoder.layer.1.normalization')!;
    assertClose(ours, theirs, 1e-5, 'last hidden state');
    assert.ok(Math.max(...theirs.data) > 0.5);
  });

  it('takes what fits and tells why the rest stays fresh', () => {
    const teacher = stored(exportedBert(bertSize));
    const narrower = initializeFromTeacher(transformer({ layers: 1, hidden: 4 }), teacher, [0]);
    assert.equal(narrower.taken.size, 0);
    assert.equal(narrower.fresh.size, 4 + 16);
    assert.match(narrower.fresh.get('embeddings.words.weight') ?? '', /has the shape \[9, 8\], not \[9, 4\]/);
    const otherHeads = initializeFromTeacher(transformer({ layers: 1, heads: 4 }), teacher, [0]);
    assert.equal(otherHeads.taken.size, 4 + 8);
    assert.match(
      otherHeads.fresh.get('encoder.layer.0.attention.query.weight') ?? '',
      /the teacher has 2 heads and the student 4/,
    );
    const longer = initializeFromTeacher(transformer({ layers: 1, length: 10 }), teacher, [0]);
    assert.deepEqual([...longer.fresh.keys()], ['embeddings.positions.weight']);
    const shorter = initializeFromTeacher(transformer({ layers: 1, length: 4 }), teacher, [0]);
    assert.equal(shorter.fresh.size, 0);
  });

  it('refuses layers that are not there, and teachers that are built otherwise', () => {
    const teacher = stored(transformer({ layers: 2 }));
    const choose = (layers: number[]) => () => initializeFromTeacher(transformer({ layers: 2 }), teacher, layers);
    assert.throws(
      choose([0, 2]),
      (error) => error instanceof BadInputError && /no layer 2; its layers are 0 to 1/.test(error.message),
    );
    assert.throws(choose([0]), /1 teacher layers are chosen for a student of 2/);
    const mlp = buildStudent({ architecture: 'mlp', hidden: [8] }, classifierForm([6], 2), randomStream(0, 'weights'));
    const from = (other: Graph) => () => initializeFromTeacher(transformer({ layers: 2 }), other);
    assert.throws(from(mlp), /No transformer layers as those of BERT were found/);
    assert.throws(from(stored(exportedBert({ ...bertSize, normalizedFirst: true }))), /No transformer layers/);
  });
});
