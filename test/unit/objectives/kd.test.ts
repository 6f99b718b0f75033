import assert from 'node:assert/strict';
import { gradients } from '../../../src/autodiff/gradients.ts';
import { Graph } from '../../../src/onnx/graph.ts';
import { buildKdLoss } from '../../../src/objectives/kd.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { arrayOf } from '../../support/reference/array.ts';

const student = [2, 0, -1, 0.5, 0.5, 0.5];
const teacher = [3, 1, -2, -1, 4, 0];

/** softmax(logits / T) of one row, by the definition. */
function soften(logits: readonly number[], temperature: number): number[] {
  const exponentials = logits.map((logit) => Math.exp(logit / temperature));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / sum);
}

/** The loss and its gradient with respect to the student's logits for 2 samples of 3 classes, written out. */
function byHand(temperature: number): { loss: number; gradient: number[] } {
  let loss = 0;
  const gradient: number[] = [];
  for (const row of [0, 1]) {
    const p = soften(teacher.slice(row * 3, row * 3 + 3), temperature);
    const q = soften(student.slice(row * 3, row * 3 + 3), temperature);
    for (const c of [0, 1, 2]) {
      loss += (temperature ** 2 * p[c]! * Math.log(p[c]! / q[c]!)) / 2;
      gradient.push((temperature * (q[c]! - p[c]!)) / 2);
    }
  }
  return { loss, gradient };
}

async function build(temperature: number, studentLogits: readonly number[], teacherLogits: readonly number[]) {
  const graph = new Graph();
  const s = graph.input('student', 'float32', [2, 3]);
  const t = graph.input('teacher', 'float32', [2, 3]);
  const loss = buildKdLoss(graph, s, t, temperature);
  const [gradient] = gradients(graph, loss, [s]);
  graph.output(loss, 'loss');
  graph.output(gradient!, 'gradient');
  const results = await runGraph(
    graph,
    new Map([
      ['student', arrayOf([2, 3], [...studentLogits])],
      ['teacher', arrayOf([2, 3], [...teacherLogits])],
    ]),
  );
  return { loss: results.get('loss')!.data[0]!, gradient: Array.from(results.get('gradient')!.data) };
}

describe('kd', () => {
  for (const temperature of [1, 4, 20]) {
    it(`equals the definition at T = ${temperature}, with the sum over classes and T² in it`, async () => {
      const expected = byHand(temperature);
      const actual = await build(temperature, student, teacher);
      assert.ok(Math.abs(actual.loss - expected.loss) < 1e-5 * temperature, `${actual.loss} against ${expected.loss}`);
      actual.gradient.forEach((value, index) => {
        assert.ok(Math.abs(value - expected.gradient[index]!) < 1e-5 * temperature, `gradient ${index}: ${value}`);
      });
    });
  }

  it('is 0 with gradient 0 where student and teacher agree', async () => {
    const { loss, gradient } = await build(4, teacher, teacher);
    assert.ok(Math.abs(loss) < 1e-6);
    assert.ok(gradient.every((value) => Math.abs(value) < 1e-6));
  });

  it('is not symmetric: teacher and student are not swapped', async () => {
    const forward = await build(1, student, teacher);
    const swapped = await build(1, teacher, student);
    assert.ok(Math.abs(forward.loss - byHand(1).loss) < 1e-5);
    assert.ok(Math.abs(forward.loss - swapped.loss) > 0.1);
  });

  it('stays finite for logits of ±500', async () => {
    const { loss, gradient } = await build(1, [500, -500, 0, 0, 0, 0], [-500, 500, 0, 0, 0, 0]);
    assert.ok(Number.isFinite(loss) && loss > 100);
    assert.ok(gradient.every(Number.isFinite));
  });
});
