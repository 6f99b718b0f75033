import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentInput } from '../../src/experiment/schema.ts';
import { resumeRun } from '../../src/run/resumeRun.ts';
import { labelsAlone, removeRuns, run, tinyExperiment } from '../support/runs.ts';

describe('several seeds', () => {
  after(removeRuns);

  it('tell the gain over the baseline with its interval, and the first is what a single seed gives', async () => {
    const { events, result, folder } = await run({ ...tinyExperiment, repeats: 3 });
    const single = await run(tinyExperiment);
    assert.ok(result.report && single.result.report);
    const { seeds, gainOverSeeds, student, baseline } = result.report;
    assert.deepEqual(
      seeds.map(({ seed }) => seed - (seeds[0]?.seed ?? 0)),
      [0, 1, 2],
    );
    assert.equal(seeds[0]?.student.loss, student.test.loss);
    assert.equal(seeds[0].baseline?.loss, baseline?.test.loss);
    assert.equal(student.test.loss, single.result.report.student.test.loss);
    assert.equal(new Set(seeds.map((result) => result.student.loss)).size, 3);
    const gains = seeds.map((result) => (result.student.accuracy ?? NaN) - (result.baseline?.accuracy ?? NaN));
    assert.ok(gainOverSeeds);
    assert.ok(Math.abs(gainOverSeeds.value - gains.reduce((sum, gain) => sum + gain, 0) / 3) < 1e-12);
    assert.deepEqual(single.result.report.seeds, []);
    assert.equal(single.result.report.gainOverSeeds, null);

    // Their networks are not kept, and their curves are not drawn over those of the first.
    assert.equal(existsSync(join(folder, 'repeats')), false);
    const epochs = (of: typeof events) => of.filter((event) => event.kind === 'epoch').length;
    assert.equal(epochs(events), epochs(single.events));
    const phases = events.flatMap((event) => (event.kind === 'phase' && event.phase === 'repeats' ? [event] : []));
    assert.equal(phases.length, 2);
  });

  it('that are stopped leave a report of what there is, and go on', async () => {
    const stopAt = async (experiment: ExperimentInput, message: string) => {
      const { result, folder } = await run(experiment, (event, controller) => {
        if (event.kind === 'phase' && event.message.startsWith(message)) controller.abort();
      });
      assert.equal(result.state, 'cancelled');
      assert.ok(result.report?.partial);
      return { folder, report: result.report };
    };
    const taught = await stopAt({ ...tinyExperiment, repeats: 2 }, 'Repeats with seed 1');
    assert.ok(taught.report.baseline);
    const alone = { ...tinyExperiment, teacher: null, objective: labelsAlone, repeats: 3 } satisfies ExperimentInput;
    const { folder, report } = await stopAt(alone, 'Repeats with seed 2');
    assert.deepEqual([report.seeds.length, report.folds], [2, null]);
    const resumed = await resumeRun({ folder, signal: new AbortController().signal, onEvent: () => undefined });
    assert.equal(resumed.state, 'finished');
    assert.deepEqual(resumed.report.seeds.slice(0, 2), report.seeds);
    assert.equal(resumed.report.seeds.length, 3);
  });
});
