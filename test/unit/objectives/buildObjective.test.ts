import assert from 'node:assert/strict';
import { gradients } from '../../../src/autodiff/gradients.ts';
import { buildObjective, type ObjectiveTerm } from '../../../src/objectives/buildObjective.ts';
import { scalarsAt } from '../../../src/objectives/scalars.ts';
import { needsTeacher, preparedTargetsOf } from '../../../src/objectives/objectiveTerm.ts';
import { Graph, type Value } from '../../../src/onnx/graph.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { arrayOf, type NumberArray } from '../../support/reference/array.ts';
import { divergence, mean, softmax } from './byHand.ts';
import { oneHot, randomArray, rowsOf } from './lossCheck.ts';
import { usualTerms } from './terms.ts';

const tables: Readonly<Record<string, NumberArray>> = {
  student: randomArray([4, 3], 50),
  labels: oneHot([0, 2, 1, 2], 3),
  teacher: randomArray([4, 3], 51),
  'teacher.2': randomArray([4, 3], 52),
  clusters: randomArray([4, 3], 53),
  map: randomArray([4, 2, 2, 2], 54),
  'teacher map': randomArray([4, 2, 2, 2], 55),
  vectors: randomArray([4, 5], 56),
};

interface Options {
  readonly teachers?: readonly number[];
  readonly progress?: number;
}

/** The losses by name, `total` among them, and the gradient of the total with respect to the student's outputs. */
async function run(terms: readonly ObjectiveTerm[], { teachers = [1], progress = 0 }: Options = {}) {
  const graph = new Graph();
  const input = (name: string): Value => graph.find(name) ?? graph.input(name, 'float32', tables[name]!.shape);
  const student = input('student');
  const [map, teacherMap, vectors] = [input('map'), input('teacher map'), input('vectors')];
  const objective = buildObjective(graph, terms, {
    student,
    teachers: teachers.map((weight, index) => ({ logits: input(index === 0 ? 'teacher' : 'teacher.2'), weight })),
    targets: new Map([['clusters-2', input('clusters')]]),
    labels: input('labels'),
    scalars: (name) => graph.find(name) ?? graph.input(name, 'float32', [1]),
    features: new Map([
      ['student:feature', map],
      ['teacher:feature', teacherMap],
      ['student:regressor.0', terms[0]?.loss === 'hint' ? map : vectors],
      ['teacher:vectors', vectors],
    ]),
  });
  graph.output(objective.total, 'total');
  for (const [name, value] of objective.terms) graph.output(value, `term ${name}`);
  graph.output(gradients(graph, objective.total, [student])[0]!, 'gradient');
  const feeds = new Map(Object.entries(tables));
  for (const [name, value] of scalarsAt(terms, progress)) feeds.set(name, arrayOf([1], [value]));
  const results = await runGraph(graph, feeds);
  return {
    total: results.get('total')!.data[0]!,
    terms: new Map([...objective.terms.keys()].map((name) => [name, results.get(`term ${name}`)!.data[0]!])),
    gradient: [...results.get('gradient')!.data],
    inputs: graph.inputs.map(({ name }) => name),
  };
}

function kdByHand(target: readonly number[][], temperature: number): number {
  const rows = rowsOf(tables.student!).map((row, index) => divergence(target[index]!, softmax(row, temperature)));
  return temperature ** 2 * mean(rows);
}

const close = (actual: number, expected: number): void => {
  assert.ok(Math.abs(actual - expected) < 1e-4 * Math.max(1, Math.abs(expected)), `${actual} against ${expected}`);
};

describe('objective', () => {
  it('is the weighted sum of its terms, whose own values have no weight', async () => {
    const { total, terms } = await run([usualTerms.kd, usualTerms.labels, { ...usualTerms.kd, temperature: 1 }]);
    assert.deepEqual([...terms.keys()], ['kd', 'labels', 'kd-2']);
    close(total, 0.9 * terms.get('kd')! + 0.1 * terms.get('labels')! + 0.9 * terms.get('kd-2')!);
    const teachers = rowsOf(tables.teacher!);
    close(
      terms.get('kd')!,
      kdByHand(
        teachers.map((row) => softmax(row, 4)),
        4,
      ),
    );
    close(
      terms.get('kd-2')!,
      kdByHand(
        teachers.map((row) => softmax(row, 1)),
        1,
      ),
    );
  });

  it('keeps T² when the label weight is 0', async () => {
    const alone = await run([{ ...usualTerms.kd, weight: 1 }]);
    const beside = await run([
      { ...usualTerms.kd, weight: 1 },
      { ...usualTerms.labels, weight: 0 },
    ]);
    close(
      alone.total,
      kdByHand(
        rowsOf(tables.teacher!).map((row) => softmax(row, 4)),
        4,
      ),
    );
    close(beside.total, alone.total);
    beside.gradient.forEach((value, index) => {
      close(value, alone.gradient[index]!);
    });
  });

  it("averages several teachers' probabilities by their weights", async () => {
    const { total } = await run([{ ...usualTerms.kd, weight: 1 }], { teachers: [0.25, 0.75] });
    const target = rowsOf(tables.teacher!).map((row, index) => {
      const other = softmax(rowsOf(tables['teacher.2']!)[index]!, 4);
      return softmax(row, 4).map((p, c) => 0.25 * p + 0.75 * other[c]!);
    });
    close(total, kdByHand(target, 4));
  });

  it('trains several teachers as the weighted sum of their divergences would', async () => {
    const both = await run([{ ...usualTerms.kd, weight: 1 }], { teachers: [0.25, 0.75] });
    const first = await run([{ ...usualTerms.kd, weight: 0.25 }]);
    // Of the second the gradient by hand: 0.75 · T (p_s − p_t) / B.
    const second = rowsOf(tables.student!).flatMap((row, index) => {
      const target = softmax(rowsOf(tables['teacher.2']!)[index]!, 4);
      return softmax(row, 4).map((p, c) => (0.75 * 4 * (p - target[c]!)) / 4);
    });
    both.gradient.forEach((value, index) => {
      close(value, first.gradient[index]! + second[index]!);
    });
  });

  it('reads a prepared target in place of the teacher', async () => {
    const term = { ...usualTerms.kd, weight: 1, target: { clusters: 2 } };
    assert.deepEqual(preparedTargetsOf([term, usualTerms.kd]), new Map([['clusters-2', { clusters: 2 }]]));
    const { total } = await run([term]);
    close(
      total,
      kdByHand(
        rowsOf(tables.clusters!).map((row) => softmax(row, 4)),
        4,
      ),
    );
  });

  for (const progress of [0, 0.25, 1]) {
    it(`follows scheduled weights and temperatures at ${progress} of the run`, async () => {
      const weight = { from: 0, to: 2, until: 0.5 };
      const temperature = { from: 8, to: 4, until: 1 };
      const scheduled = await run([{ ...usualTerms.kd, weight, temperature }], { progress });
      const constant = await run([
        { ...usualTerms.kd, weight: Math.min(4 * progress, 2), temperature: 8 - 4 * progress },
      ]);
      assert.deepEqual(scheduled.inputs.slice(-2).sort(), ['kd.temperature', 'kd.weight']);
      close(scheduled.total, constant.total);
      close(scheduled.terms.get('kd')!, constant.terms.get('kd')!);
      scheduled.gradient.forEach((value, index) => {
        close(value, constant.gradient[index]!);
      });
    });
  }

  for (const term of Object.values(usualTerms)) {
    it(`schedules every number of ${term.loss} that can be`, async () => {
      const fields = ['weight', 'temperature', 'alpha', 'beta', 'gamma', 'distance', 'angle'];
      const named = term.loss === 'contrastive' ? { ...term, teacher: 'vectors' } : term;
      const scheduled = Object.fromEntries(
        Object.entries(named).map(([field, value]: [string, unknown]) =>
          fields.includes(field) ? [field, { from: Number(value), to: Number(value) + 1, until: 1 }] : [field, value],
        ),
      ) as unknown as ObjectiveTerm;
      const [moving, fixed] = [await run([scheduled]), await run([named])];
      close(moving.total, fixed.total);
      assert.ok(Number.isFinite(fixed.total));
      assert.ok(moving.inputs.includes(`${term.loss}.weight`));
    });
  }

  it('needs a teacher for all terms but those on labels', () => {
    const alone = Object.values(usualTerms).filter((term) => !needsTeacher(term));
    assert.deepEqual(
      alone.map(({ loss }) => loss),
      ['labels', 'binary-labels', 'mse'],
    );
  });

  it('says what a term lacks', async () => {
    await assert.rejects(run([{ ...usualTerms.cosine, teacher: 'absent' }]), {
      message: "The term 'cosine' needs the teacher's feature 'absent', which it was not given.",
    });
    await assert.rejects(run([usualTerms.kd], { teachers: [] }), { message: /needs a teacher/ });
    await assert.rejects(run([]), { message: /at least one term/ });
  });
});
