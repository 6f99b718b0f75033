import assert from 'node:assert/strict';
import { asExperimentFile } from '../../../../src/extension/experiments/experimentFileName.ts';

describe('asExperimentFile', () => {
  it('gives every name the suffix exactly once, whatever a save dialog made of it', () => {
    const names = ['x', 'x.json', 'x.distill', 'x.distill.json', 'x.distill.json.distill.json', 'x.distill.json.json'];
    for (const name of names) assert.equal(asExperimentFile(`/w/${name}`), '/w/x.distill.json', name);
  });

  it('leaves other dots and the folders alone', () => {
    assert.equal(asExperimentFile('/a.json/net-1.5'), '/a.json/net-1.5.distill.json');
  });
});
