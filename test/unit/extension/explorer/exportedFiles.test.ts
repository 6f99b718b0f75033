import assert from 'node:assert/strict';
import { copiesOf, offeredFiles } from '../../../../src/extension/explorer/exportedFiles.ts';

const there = new Set(['student.onnx', 'student.onnx.data', 'student.int4.onnx', 'report.html', 'status.json']);

describe('exporting a run', () => {
  it('offers what is there and of use, says what it is, and chooses the student and its report', () => {
    const offered = offeredFiles(there, (text) => text);
    assert.deepEqual(
      offered.map(({ name, isUsual }) => `${name} ${isUsual}`),
      ['student.onnx true', 'student.int4.onnx false', 'report.html true'],
    );
    assert.equal(offered[0]?.what, 'The student: what you ship');
    assert.ok(offered.every(({ what }) => what !== ''));
  });

  it('counts external weights among what is copied, which another run may have put there under the same name', () => {
    assert.deepEqual(copiesOf(['student.onnx', 'report.html'], 'run', there), [
      { from: 'student.onnx', to: 'run.student.onnx' },
      { from: 'report.html', to: 'run.report.html' },
      { from: 'student.onnx.data', to: 'student.onnx.data' },
    ]);
  });
});
