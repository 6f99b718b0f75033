import assert from 'node:assert/strict';
import { closestPath, valueAt, withEditAt, withValueAt, writtenPath } from '../../../webview/form/paths.ts';

describe('writtenPath', () => {
  it('writes paths as problems do', () => {
    assert.equal(writtenPath(['objective', 0, 'weight']), 'objective[0].weight');
    assert.equal(writtenPath(['training', 'epochs']), 'training.epochs');
  });
});

describe('withValueAt', () => {
  const value = { a: { b: 1, c: 2 }, list: [{ w: 1 }, { w: 2 }] };

  it('changes one value and nothing else, in place', () => {
    const changed = withValueAt(value, ['a', 'b'], 5);
    assert.deepEqual(changed, { a: { b: 5, c: 2 }, list: value.list });
    assert.deepEqual(Object.keys(changed as object), ['a', 'list']);
    assert.deepEqual(withValueAt(value, ['list', 1, 'w'], 9), { ...value, list: [{ w: 1 }, { w: 9 }] });
    assert.deepEqual(value.a, { b: 1, c: 2 });
  });

  it('makes objects on the way, and removes keys', () => {
    assert.deepEqual(withValueAt({}, ['training', 'epochs'], 3), { training: { epochs: 3 } });
    assert.deepEqual(withValueAt(value, ['a', 'b'], undefined), { a: { c: 2 }, list: value.list });
    assert.deepEqual(withValueAt({ teacher: null }, ['teacher', 'model'], 'x'), { teacher: { model: 'x' } });
  });

  it('reads what it wrote', () => {
    assert.equal(valueAt(withValueAt(value, ['list', 0, 'w'], 'x'), ['list', 0, 'w']), 'x');
    assert.equal(valueAt(value, ['a', 'x', 'y']), undefined);
  });
});

describe('closestPath', () => {
  const known = new Set(['teacher.model', 'student', 'student.hidden', 'objective', 'objective[0].weight']);

  it('finds the field itself or the closest one around it', () => {
    assert.equal(closestPath('teacher.model', known), 'teacher.model');
    assert.equal(closestPath('student.hidden[2]', known), 'student.hidden');
    assert.equal(closestPath('student.architecture', known), 'student');
    assert.equal(closestPath('objective[0].weight', known), 'objective[0].weight');
    assert.equal(closestPath('objective[1]', known), 'objective');
  });

  it('reads names with spaces and dots, as columns have', () => {
    const columns = new Set(['dataset.columns', 'dataset.columns["petal length"]']);
    assert.equal(writtenPath(['dataset', 'columns', 'petal length']), 'dataset.columns["petal length"]');
    assert.equal(closestPath('dataset.columns["petal length"]', columns), 'dataset.columns["petal length"]');
    assert.equal(closestPath('dataset.columns["a.b"]', columns), 'dataset.columns');
    assert.equal(closestPath('dataset.columns["a]', columns), undefined, 'what is no path ends the search');
  });

  it('finds nothing for what is about no field', () => {
    assert.equal(closestPath('experiment', known), undefined);
    assert.equal(closestPath('models/teacher.onnx', known), undefined);
    assert.equal(closestPath('line 3, column 5', known), undefined);
  });
});

describe('withEditAt', () => {
  it('takes an object away that lost its last key', () => {
    const draft = { teacher: { model: 'a.onnx', training: { epochs: 5 } } };
    assert.deepEqual(withEditAt(draft, ['teacher', 'training', 'epochs'], undefined), { teacher: { model: 'a.onnx' } });
    const two = { training: { epochs: 5, seed: 1 } };
    assert.deepEqual(withEditAt(two, ['training', 'epochs'], undefined), { training: { seed: 1 } });
  });

  it('leaves elements of lists where they are', () => {
    const draft = { pairs: [{ student: 'a' }] };
    assert.deepEqual(withEditAt(draft, ['pairs', 0, 'student'], undefined), { pairs: [{}] });
  });
});
