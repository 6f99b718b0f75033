import assert from 'node:assert/strict';
import { noteForAgent } from '../../../src/report/agentNote.ts';
import { sampleReport } from '../../support/sampleReport.ts';

describe('what is copied for an agent', () => {
  it('has what is wrong, the log, the experiment, and how to go on', () => {
    const note = noteForAgent({
      title: "run 'mnist'",
      folder: '/project/.distillery/runs/one',
      state: 'failed',
      problems: [{ where: 'training', message: 'The loss is not a number.', hint: 'Try a smaller learning rate.' }],
      log: 'a line with ``` in it',
      experiment: { student: { architecture: 'mlp' } },
    });
    assert.match(note, /^# Distillery: run 'mnist'\n\nState: failed\./);
    assert.match(note, /- `training`: The loss is not a number\. \(Try a smaller learning rate\.\)/);
    assert.match(note, /````text\na line with ``` in it\n````/, 'nothing in the log ends its block');
    assert.match(note, /```json\n\{\n {2}"student"/);
    assert.match(note, /`resume_run`.*distillery resume "\/project\/\.distillery\/runs\/one"/);
    assert.match(note, /`read_report` and `follow_run` with `\{"run": "one"\}`/);
  });

  it('has the comparison and the advice of a report', () => {
    const note = noteForAgent({
      title: 'x',
      report: { ...sampleReport, advice: [{ kind: 'teacher-no-better', patch: null }] },
    });
    assert.match(note, /One sentence\.\n\n\| +\| Teacher \| Student \|/);
    assert.match(note, /What to do next:\n\n- The teacher is no better than the student alone/);
    assert.doesNotMatch(note, /What is wrong|End of the log|The experiment\n/);
  });
});
