import assert from 'node:assert/strict';
import { curvesCsv } from '../../../../../src/extension/runs/curves/curvesCsv.ts';
import { KeptCurves } from '../../../../../src/extension/runs/curves/keptCurves.ts';
import type { EpochEvent, Network, StepEvent } from '../../../../../src/protocol/events.ts';
import type { Curve } from '../../../../../src/protocol/snapshot.ts';

const countUp = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

interface Told {
  readonly step: number;
  readonly total?: number;
  readonly seconds?: number;
  readonly steps?: number;
  readonly network?: Network;
}

function step({ step: at, total = at, seconds, steps = 100, network = 'student' }: Told): StepEvent {
  return {
    kind: 'step',
    network,
    step: at,
    steps,
    epoch: 1,
    epochs: 10,
    losses: { total },
    learningRate: 0.1,
    samplesPerSecond: 5,
    secondsLeft: 1,
    ...(seconds !== undefined && { seconds }),
  };
}

function epoch(number: number, accuracy: number): EpochEvent {
  const position = { network: 'student', epoch: number, epochs: 10, step: number * 10 } as const;
  return { ...position, kind: 'epoch', losses: {}, validation: { accuracy, loss: 1 - accuracy }, best: true };
}

function kept(told: readonly Told[], mostNumbers?: number): KeptCurves {
  const curves = new KeptCurves(mostNumbers);
  for (const each of told) curves.addStep(step(each));
  return curves;
}

function firstOf(curves: readonly Curve[]): Curve {
  const [curve] = curves;
  assert.ok(curve);
  return curve;
}

const csvOf = (curves: KeptCurves): string =>
  [
    ...curvesCsv(curves, [
      { kind: 'curve', label: 'total, weighted', network: 'student', curve: 'losses', term: 'total' },
      { kind: 'level', label: 'teacher', value: 0.5 },
    ]),
  ].join('');

describe('the curves of a long run', () => {
  const many = 100_000;
  const spike = 61_803;
  const curves = kept(
    countUp(many).map((index) => ({
      step: index + 1,
      steps: many,
      total: index === spike ? 1e6 : index === spike + 20_000 ? -1e6 : Math.sin(index / 5000) + (index % 2),
    })),
  );

  it('are short, go to both ends, and show spikes of a single step', () => {
    const { x, y, means } = firstOf(curves.whole.losses);
    assert.ok(x.length <= 1002 && x.length > 500, `${x.length}`);
    assert.equal(x.length, y.length);
    assert.ok(
      x.every((value, index) => index === 0 || value > (x[index - 1] ?? 0)),
      'x rises',
    );
    assert.ok((x[0] ?? 1) < 0.02 && x.at(-1) === 10);
    assert.ok(y.includes(1e6) && y.includes(-1e6));
    assert.equal(y.at(-1), Math.sin((many - 1) / 5000) + 1, 'the newest value is the newest');
    const at = y.indexOf(1e6);
    assert.ok(Math.abs((x[at] ?? 0) - (spike / many) * 10) < 0.03, 'where it was');
    assert.ok(means && means.x.length <= 501);
    const expected = 0.5 + Math.sin(250 / 5000);
    assert.ok(Math.abs((means.y[1] ?? 0) - expected) < 0.1, `means are means: ${means.y[1]}`);
  });

  it('have the exact means of every epoch for the table', () => {
    const { perEpoch } = firstOf(curves.whole.losses);
    assert.deepEqual(
      perEpoch?.x,
      countUp(10).map((index) => index + 1),
    );
    const third = countUp(10_000).map((index) => Math.sin((20_000 + index) / 5000) + (index % 2));
    assert.ok(Math.abs((perEpoch.y[2] ?? 0) - third.reduce((sum, value) => sum + value, 0) / 10_000) < 1e-9);
  });

  it('have every point of a narrow range, with its neighbours', () => {
    const center = (spike + 1) / (many / 10);
    const ranges = [{ network: 'student', from: center - 0.005, to: center + 0.005 }] as const;
    const { x, y, means } = firstOf(curves.closeup(ranges).curves.losses);
    assert.equal(means, undefined);
    assert.ok(x.length >= 100 && x.length <= 104, `${x.length}`);
    assert.ok((x[0] ?? 9) <= center - 0.005 && (x.at(-1) ?? 0) >= center + 0.005);
    assert.equal(x[y.indexOf(1e6)], center);
    assert.deepEqual(curves.closeup([]).curves.losses, []);
  });

  it('are saved whole', () => {
    const lines = csvOf(curves).split('\n');
    assert.equal(lines.length, many + 3);
    assert.equal(lines[spike + 1], `"total, weighted",student,${(spike + 1) / (many / 10)},${spike + 1},,1000000`);
  });

  it('become coarser where they are too many to be kept, and keep their spikes and their ends', () => {
    const few = kept(
      countUp(40_000).map((index) => ({ step: index + 1, steps: 40_000, total: index === 777 ? 99 : index % 3 })),
      50_000,
    );
    const rows = csvOf(few).split('\n').length;
    assert.ok(rows < 50_000 / 6 + 1100 && rows > 4000, `${rows}`);
    const { x, y, perEpoch } = firstOf(few.whole.losses);
    assert.ok(y.includes(99) && y.includes(0));
    assert.equal(x.at(-1), 10);
    assert.ok(Math.abs((perEpoch?.y[5] ?? 0) - 1) < 0.01);
  });
});

describe('KeptCurves', () => {
  it('breaks a curve where a value of many is not a number', () => {
    const { y } = firstOf(
      kept(countUp(5000).map((index) => ({ step: index + 1, steps: 5000, total: index === 2500 ? NaN : 1 }))).whole
        .losses,
    );
    assert.equal(y.filter((value) => value === null).length, 1);
  });

  it('forgets what a training that begins anew tells again', () => {
    const curves = kept([{ step: 10 }, { step: 20 }, { step: 30 }]);
    curves.addStep(step({ step: 20, total: 7 }));
    const { x, y } = firstOf(curves.whole.losses);
    assert.deepEqual({ x, y }, { x: [1, 2], y: [10, 7] });
  });

  it('does not go back where more steps are planned than before', () => {
    const { x } = firstOf(
      kept([{ step: 10 }, { step: 20 }, { step: 21, steps: 200 }, { step: 60, steps: 200 }]).whole.losses,
    );
    assert.deepEqual(x, [1, 2, 2, 3]);
  });

  it('has a gap where a term was not told', () => {
    const curves = kept([{ step: 1 }]);
    curves.addStep({ ...step({ step: 2 }), losses: { total: 1, kd: 2 } });
    curves.addStep(step({ step: 3 }));
    assert.deepEqual(curves.whole.losses.find(({ term }) => term === 'kd')?.y, [null, 2, null]);
  });

  it('counts seconds from where the training began, which was before its first step was told', () => {
    const curves = kept([
      { step: 10, seconds: 32 },
      { step: 20, seconds: 34 },
      { step: 30, seconds: 40 },
    ]);
    assert.deepEqual(curves.clocks, [{ network: 'student', stepsPerEpoch: 10, x: [1, 2, 3], seconds: [2, 4, 10] }]);
  });

  it('knows steps of runs that stored no times', () => {
    assert.deepEqual(kept([{ step: 10 }]).clocks, [{ network: 'student', stepsPerEpoch: 10, x: [], seconds: [] }]);
  });

  it('keeps the clock of a long training short, with both ends', () => {
    const [clock] = kept(countUp(5000).map((index) => ({ step: index + 1, seconds: index + 1, steps: 5000 }))).clocks;
    assert.ok(clock && clock.x.length <= 201 && clock.x.length === clock.seconds.length);
    assert.equal(clock.x.at(-1), 10);
  });

  it('saves a row for each point with epoch, step and seconds, and levels once', () => {
    const curves = kept([
      { step: 10, total: 3, seconds: 2 },
      { step: 20, total: NaN, seconds: 4 },
      { step: 30, total: 1, seconds: 7 },
    ]);
    assert.equal(
      csvOf(curves),
      [
        'line,network,epoch,step,seconds,value',
        '"total, weighted",student,1,10,2.000,3',
        '"total, weighted",student,2,20,4.000,',
        '"total, weighted",student,3,30,7.000,1',
        'teacher,,,,,0.5',
        '',
      ].join('\n'),
    );
    assert.match(csvOf(kept([{ step: 10, total: 3 }])), /\n"total, weighted",student,1,10,,3\n/);
  });

  it('tells when an epoch was done, by its step', () => {
    const curves = kept([
      { step: 9, seconds: 9 },
      { step: 18, seconds: 27 },
    ]);
    curves.addEpoch(epoch(1, 0.5));
    curves.addEpoch(epoch(2, 0.75));
    const points = [...curves.points('student', { kind: 'accuracies', term: 'accuracy' })];
    assert.deepEqual(
      points.map(({ step: at, x, value }) => [at, x, value]),
      [
        [10, 1, 0.5],
        [20, 2, 0.75],
      ],
    );
    assert.ok(Math.abs((points[0]?.seconds ?? 0) - 11) < 1e-9);
    assert.ok((points[1]?.seconds ?? 0) > 27);
  });
});
