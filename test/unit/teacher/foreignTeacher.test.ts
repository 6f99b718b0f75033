import assert from 'node:assert/strict';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { float, Graph, int, text } from '../../../src/onnx/graph.ts';
import type { Attribute, Value } from '../../../src/onnx/node.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { floatTensor, intTensor } from '../../../src/onnx/tensor.ts';
import { dataTypeCode } from '../../../src/onnx/tensorProto.ts';
import { openSessions } from '../../../src/training/engines/session.ts';
import { problemsOf, removeFolder, temporaryFolder } from '../../support/datasets.ts';
import { BIASES, classTable, matchToTable, scoreTeacher, WEIGHTS } from '../../support/tableTeacher.ts';

const domain = 'ai.onnx.ml';
const floats = (value: readonly number[]): Attribute => ({ kind: 'floats', value });
const strings = (value: readonly string[]): Attribute => ({ kind: 'strings', value });

/** The classifier of `scoreTeacher` as scikit-learn's converter writes one, with its classes in another order. */
function linearClassifier(): ModelProto {
  const graph = new Graph();
  const input = graph.input('X', 'float32', ['n', 2]);
  const order = [2, 1, 0];
  const classlabels = strings(order.map((index) => 'abc'[index] ?? ''));
  const [label, probabilities] = graph.node('LinearClassifier', [input], {
    domain,
    outputs: ['label', 'probabilities'],
    attributes: {
      coefficients: floats(order.flatMap((index) => [WEIGHTS[index] ?? 0, WEIGHTS[index + 3] ?? 0])),
      intercepts: floats(order.map((index) => BIASES[index] ?? 0)),
      classlabels_strings: classlabels,
      post_transform: text('SOFTMAX'),
    },
    results: [
      { type: 'string', shape: ['n'] },
      { type: 'float32', shape: ['n', 3] },
    ],
  });
  const zipped = graph.op(
    'ZipMap',
    [probabilities!],
    { classlabels_strings: classlabels },
    { domain, outputs: ['maps'], results: [{ type: 'float32', shape: ['n'] }] },
  );
  graph.output(label!);
  graph.output(zipped);
  return exportModel(graph, { name: 'linear' });
}

/**
 * The classifier of `linearClassifier` in one whose classes have names while those inside it have numbers, as scikit-learn's converter writes those that
 * are made of others.
 * @param end its label: the name that is picked from a list; or, under probabilities with names, the number, which is declared as a text
 */
function nested(end: 'list' | 'map'): ModelProto {
  const graph = new Graph();
  const input = graph.input('X', 'float32', ['n', 2]);
  const order = [2, 1, 0];
  const names = order.map((index) => 'abc'[index] ?? '');
  const probabilities = { type: 'float32', shape: ['n', 3] } as const;
  const [, inner] = graph.node('LinearClassifier', [input], {
    domain,
    outputs: ['inner', 'probabilities'],
    attributes: {
      coefficients: floats(order.flatMap((index) => [WEIGHTS[index] ?? 0, WEIGHTS[index + 3] ?? 0])),
      intercepts: floats(order.map((index) => BIASES[index] ?? 0)),
      classlabels_ints: { kind: 'ints', value: [0, 1, 2] },
      post_transform: text('SOFTMAX'),
    },
    results: [{ type: 'int64', shape: ['n'] }, probabilities],
  });
  const place = graph.op('ArgMax', [inner!], { axis: int(1), keepdims: int(0) });
  const label = { type: 'string', shape: ['n'] } as const;
  if (end === 'list') {
    const list = graph.constant({ type: 'string', shape: [3], data: names });
    const picked = graph.op('ArrayFeatureExtractor', [list, place], {}, { domain, results: [label] });
    graph.output(graph.op('Reshape', [picked, graph.integers([-1])], {}, { results: [label] }), 'label');
    graph.output(inner!);
  } else {
    graph.output(graph.op('Identity', [place], {}, { outputs: ['label'], results: [label] }));
    const attributes = { classlabels_strings: strings(names) };
    graph.output(graph.op('ZipMap', [inner!], attributes, { domain, outputs: ['maps'], results: [probabilities] }));
  }
  return exportModel(graph, { name: 'nested' });
}

/** Takes columns by name; the class is yes for women, and for children. */
function byColumns(names = { sex: 'sex', age: 'age' }): ModelProto {
  const graph = new Graph();
  const sex = graph.input(names.sex, 'string', ['n', 1]);
  const age = graph.input(names.age, 'int64', ['n', 1]);
  const isWoman = graph.op(
    'LabelEncoder',
    [sex],
    { keys_strings: strings(['female', 'male']), values_floats: floats([1, 0]), default_float: float(-1) },
    { domain, results: [{ type: 'float32', shape: ['n', 1] }] },
  );
  const isChild = graph.op('Cast', [graph.op('Less', [age, graph.integers([12])])], {
    to: int(dataTypeCode('float32')),
  });
  const score = graph.op('Sub', [graph.op('Add', [isWoman, isChild]), graph.scalar(0.5)]);
  graph.output(graph.op('Mul', [score, graph.constant(floatTensor([-4, 4], [1, 2]))]), 'scores');
  const model = exportModel(graph, { name: 'columns' });
  // The attributes above are those since the second operator set.
  for (const entry of model.opsetImport) if (entry.domain === domain) entry.version = 2n;
  return model;
}

function passengers(): string {
  const lines = Array.from({ length: 90 }, (_, row) => {
    const [sex, age] = [row % 3 === 0 ? 'female' : 'male', 2 + ((row * 7) % 40)];
    return `${age},${sex},${sex === 'female' || age < 12 ? 'yes' : 'no'}`;
  });
  return `age,sex,survived\n${lines.join('\n')}\n`;
}

/**
 * Whether a + 100 b is even, as trees tell it: by comparing with every number that there is, of which one beside it makes the other class.
 */
function parity(byName: boolean): ModelProto {
  const graph = new Graph();
  const steps = Float32Array.from({ length: 400 }, (_, at) => at);
  const ofColumn = (column: Value, unit: number): Value => {
    const thresholds = graph.constant(
      floatTensor(
        steps.map((at) => at / unit),
        [1, 400],
      ),
    );
    const reached = graph.op('Not', [graph.op('Less', [column, thresholds])]);
    const signs = graph.constant(
      floatTensor(
        steps.map((at) => (at === 0 ? 0 : at % 2 === 0 ? -1 : 1)),
        [400, 1],
      ),
    );
    return graph.op('MatMul', [graph.op('Cast', [reached], { to: int(dataTypeCode('float32')) }), signs]);
  };
  const both = byName ? undefined : graph.input('x', 'float32', ['n', 2]);
  const columns = ['a', 'b'].map((name, index) =>
    both
      ? graph.op('Gather', [both, graph.integers([index])], { axis: int(1) })
      : graph.input(name, 'float32', ['n', 1]),
  );
  const [a, b] = columns.map((column, index) => ofColumn(column, index === 0 ? 1 : 100));
  const isOdd = graph.op('Abs', [graph.op('Sub', [a!, b!])]);
  const score = graph.op('Sub', [isOdd, graph.scalar(0.5)]);
  graph.output(graph.op('Mul', [score, graph.constant(floatTensor([-4, 4], [1, 2]))]), 'scores');
  return exportModel(graph, { name: 'parity' });
}

const OWN_UNITS = /with inputs in the data's own units \(not scaled\); it gets them so\./;

describe('a teacher with operators that only ONNX Runtime knows', () => {
  const folder = temporaryFolder();
  after(() => {
    removeFolder(folder);
    assert.equal(openSessions(), 0, 'a session was not released');
  });

  it('teaches: probabilities are taken, ZipMap is cut off, classes go by the names that it has', async () => {
    const table = classTable(80);
    for (const scaling of ['none', 'standard'] as const) {
      const { matched, outputs } = await matchToTable(folder, table, linearClassifier(), { options: { scaling } });
      const told = matched.notes.join('\n');
      assert.match(told, /Its output 'probabilities' is taken, not 'label', and ZipMap is cut off\./);
      assert.match(told, /put in the dataset's order by name: 'a' is output 2/);
      if (scaling === 'standard') continue;
      assert.match(told, /decides 100\.0 % /);
      const plain = await matchToTable(
        folder,
        table,
        scoreTeacher((graph, scores) => graph.op('Softmax', [scores], { axis: int(1) })),
      );
      for (const [index, value] of plain.outputs.entries()) assert.ok(Math.abs((outputs[index] ?? NaN) - value) < 1e-5);
    }
  });

  it('goes by the names of its classes and not by the numbers of classifiers inside it, and its label may be another than is declared', async () => {
    for (const end of ['list', 'map'] as const) {
      const { matched } = await matchToTable(folder, classTable(80), nested(end));
      const told = matched.notes.join('\n');
      assert.match(told, /put in the dataset's order by name: 'a' is output 2/, end);
      assert.match(told, /decides 100\.0 % /);
    }
  });

  it('gets the numbers of a table as they are stored, where they decide no worse than scaled ones', async () => {
    const { matched } = await matchToTable(folder, classTable(80), linearClassifier(), {
      options: { scaling: 'standard' },
    });
    assert.match(matched.warnings.map(({ message }) => message).join(), OWN_UNITS);
    const graph = new Graph();
    const input = graph.input('X', 'float32', ['n', 2]);
    const attributes = { coefficients: floats([1, 2]), intercepts: floats([0.2]) };
    const results = [{ type: 'float32', shape: ['n', 1] }] as const;
    graph.output(graph.op('LinearRegressor', [input], attributes, { domain, results }), 'predicted');
    const lines = Array.from({ length: 80 }, (_, row) => {
      const [a, b] = [((row * 37) % 60) / 20 - 1.4, ((row * 7) % 11) / 4 - 1.3];
      return `${a},${b},${a + 2 * b + 0.2}`;
    });
    const numbers = await matchToTable(folder, `a,b,y\n${lines.join('\n')}\n`, exportModel(graph, { name: 'line' }), {
      options: { scaling: 'standard' },
    });
    assert.match(numbers.matched.notes.join(), /R² on \d+ validation samples is 1\.000/);
  });

  it('gets the columns that its inputs are named after, in their own units and as texts', async () => {
    const { matched } = await matchToTable(folder, passengers(), byColumns(), {
      options: { scaling: 'standard', target: 'survived' },
    });
    const told = matched.notes.join('\n');
    assert.match(told, /filled with the columns of their names, in their own units: sex, age\./);
    assert.match(told, /decides 100\.0 % /);
  });

  it('is refused with all columns that the dataset lacks', async () => {
    const problems = await problemsOf(
      matchToTable(folder, passengers(), byColumns({ sex: 'gender', age: 'years' }), {
        options: { target: 'survived' },
      }),
    );
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['gender', 'years'].map((name) => `The teacher takes the column '${name}', which the dataset does not have.`),
    );
  });

  it('gets columns by their shapes where no input is called like one, in their own units where that is better', async () => {
    const lines = Array.from({ length: 400 }, (_, row) => {
      const [a, b] = [20 + ((row * 37) % 60), (row * 7) % 11];
      return `${a},${b},${a + b > 55 ? 'yes' : 'no'}`;
    });
    const graph = new Graph();
    const [first, second] = ['one', 'two'].map((name) => graph.input(name, 'float32', ['n', 1]));
    const score = graph.op('Sub', [graph.op('Add', [first!, second!]), graph.scalar(55.5)]);
    graph.output(graph.op('Mul', [score, graph.constant(floatTensor([-1, 1], [1, 2]))]), 'scores');
    const { matched } = await matchToTable(
      folder,
      `a,b,label\n${lines.join('\n')}\n`,
      exportModel(graph, { name: 'g' }),
      {
        options: { scaling: 'standard' },
      },
    );
    const told = matched.warnings
      .map(({ message }) => message)
      .concat(matched.notes)
      .join();
    assert.match(told, /inputs take parts of every sample: 'one' a; 'two' b/);
    assert.match(told, /(?:100|99)\.\d % with inputs in the data's own units/);
  });

  it('gets numbers of few digits as they are stored, to the last bit, whether by name or side by side', async () => {
    const lines = Array.from({ length: 800 }, (_, row) => {
      const [whole, cents] = [(row * 37) % 400, (Math.floor(row / 2) * 91) % 400];
      return `${whole},${(cents / 100).toFixed(2)},${(whole + cents) % 2 === 0 ? 'even' : 'odd'}`;
    });
    for (const byName of [true, false]) {
      const { matched } = await matchToTable(folder, `a,b,label\n${lines.join('\n')}\n`, parity(byName), {
        options: { scaling: 'standard' },
      });
      assert.match(
        matched.warnings
          .map(({ message }) => message)
          .concat(matched.notes)
          .join(),
        /100\.0 %/,
      );
    }
  });

  it('may give one number where its file declares one for each of two classes, as a ridge classifier does', async () => {
    const lines = Array.from({ length: 200 }, (_, row) => {
      const [a, b] = [20 + ((row * 37) % 60), (row * 7) % 11];
      return `${a},${b},${a + b > 55 ? 'yes' : 'no'}`;
    });
    const graph = new Graph();
    const input = graph.input('X', 'float32', ['n', 2]);
    const [label, scores] = graph.node('LinearClassifier', [input], {
      domain,
      outputs: ['label', 'raw'],
      attributes: {
        coefficients: floats([-1, -1, 1, 1]),
        intercepts: floats([55.5, -55.5]),
        classlabels_strings: strings(['no', 'yes']),
        post_transform: text('NONE'),
      },
      results: [
        { type: 'string', shape: ['n'] },
        { type: 'float32', shape: ['n', 2] },
      ],
    });
    const [second] = graph.node('ArrayFeatureExtractor', [scores!, graph.constant(intTensor(1))], {
      domain,
      outputs: ['probabilities'],
      results: [{ type: 'float32', shape: ['n', 2] }],
    });
    graph.output(label!);
    graph.output(second!);
    const model = exportModel(graph, { name: 'ridge' });
    const { matched } = await matchToTable(folder, `a,b,label\n${lines.join('\n')}\n`, model, {
      options: { scaling: 'none' },
    });
    assert.match(matched.notes.join('\n'), /decides 100\.0 % /);
  });

  it('is refused with what ONNX Runtime lacks, where it has no such operator either', async () => {
    const graph = new Graph();
    const input = graph.input('X', 'float32', ['n', 2]);
    const results = [{ type: 'float32', shape: ['n', 3] }] as const;
    graph.output(graph.op('Solve', [input], {}, { domain: 'com.microsoft', results }), 'scores');
    const model = exportModel(graph, { name: 'unknown' });
    await assert.rejects(matchToTable(folder, classTable(40), model), /Solve.*is not a registered function/);
  });
});
