import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DistilleryError } from '../../../src/errors.ts';
import { errorOfRun, missingFile } from '../../../src/platform/writingError.ts';

describe('errorOfRun', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'distillery-run-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  function told(act: () => unknown): unknown {
    try {
      act();
    } catch (error) {
      return errorOfRun(folder, error);
    }
    return undefined;
  }

  it('names the file that is gone, and not the folder of the run, which can be written', () => {
    const teacher = join(folder, '..', 'deleted-teacher.onnx');
    const error = told(() => readFileSync(teacher));
    assert.ok(error instanceof DistilleryError);
    assert.equal(error.message, `'${teacher}' cannot be read or written: it is not there.`);
    assert.match(error.hint ?? '', /distillery resume/);
  });

  it('says of the folder of the run that it cannot be written', () => {
    const error = told(() => {
      writeFileSync(join(folder, 'gone', 'status.json'), '');
    });
    assert.ok(error instanceof DistilleryError);
    assert.equal(error.message, `'${folder}' cannot be written: its folder is gone, or takes no files.`);
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    });
    assert.match(String(errorOfRun(folder, full)), /the disk is full\./);
  });

  it('leaves everything else as it is', () => {
    const error = new TypeError('something else');
    assert.equal(errorOfRun(folder, error), error);
  });
});

describe('missingFile', () => {
  it('says of a file that was deleted what it is, and of one that is there nothing', () => {
    assert.equal(missingFile('gone.onnx')?.message, "'gone.onnx' cannot be read or written: it is not there.");
    assert.equal(missingFile('package.json'), undefined);
  });
});
