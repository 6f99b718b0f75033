import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { progressOn } from '../../../src/cli/progress.ts';
import type { EpochEvent, RunEvent } from '../../../src/protocol/events.ts';
import { fakeOutput } from '../../support/fakeTerminal.ts';

function step(number: number): RunEvent {
  return {
    kind: 'step',
    network: 'student',
    step: number,
    steps: 20,
    epoch: Math.ceil(number / 10),
    epochs: 2,
    losses: { total: 0.5, kd: 0.4, labels: 0.9 },
    learningRate: 0.001,
    samplesPerSecond: 12_400,
    secondsLeft: 65,
  };
}

function epoch(number: number): EpochEvent {
  return {
    kind: 'epoch',
    network: 'student',
    epoch: number,
    epochs: 2,
    step: number * 10,
    losses: { total: 0.5, kd: 0.4, labels: 0.9 },
    validation: { accuracy: 0.978, loss: 0.1 },
    best: number === 1,
  };
}

const events: readonly RunEvent[] = [
  { kind: 'phase', phase: 'preflight', message: 'Checks the experiment' },
  { kind: 'started', id: 'id', name: 'a run', folder: 'runs/a', startedAt: '' },
  { kind: 'device', device: 'cpu', requested: 'auto', message: 'Trains on the CPU.' },
  { kind: 'warning', problem: { where: 'teacher', message: 'is near chance', hint: 'Check the classes.' } },
  { kind: 'progress', phase: 'teacher-outputs', done: 50, total: 200 },
  { kind: 'teacher', validation: { accuracy: 0.99, loss: 0.03 } },
  step(5),
  step(10),
  epoch(1),
  step(15),
  epoch(2),
];

describe('progress without a terminal', () => {
  it('says now and then how far it is, so that a log of hours looks alive', () => {
    const output = fakeOutput();
    let now = 0;
    const progress = progressOn(output, () => now);
    const at = (time: number, event: RunEvent): void => {
      now = time;
      progress.show(event);
    };
    at(10_000, { kind: 'progress', phase: 'teacher-outputs', done: 50, total: 200 });
    at(30_000, { kind: 'progress', phase: 'teacher-outputs', done: 100, total: 200 });
    at(31_000, step(1));
    at(61_000, step(5));
    at(62_000, epoch(1));
    at(70_000, step(11));
    at(92_000, step(12));
    assert.deepEqual(output.text.split('\n'), [
      'Teacher outputs: 50 %',
      'Student epoch 1/2, 25 %: loss 0.5000, 12.4 k samples/s, 1 min 05 s left',
      'Student epoch 1/2: loss 0.5000 (kd 0.4000, labels 0.9000), validation 97.80 % (best), 12.4 k samples/s, 1 min 05 s left',
      'Student epoch 2/2, 60 %: loss 0.5000, validation 97.80 %, 12.4 k samples/s, 1 min 05 s left',
      '',
    ]);
  });

  it('writes a whole line for everything that happened and for every epoch', () => {
    const output = fakeOutput();
    const progress = progressOn(output);
    for (const event of events) progress.show(event);
    progress.end();
    assert.deepEqual(output.text.split('\n'), [
      'Checks the experiment',
      'a run  runs/a',
      'Trains on the CPU.',
      'Warning teacher: is near chance Check the classes.',
      'Teacher: validation 99.00 %',
      'Student epoch 1/2: loss 0.5000 (kd 0.4000, labels 0.9000), validation 97.80 % (best), 12.4 k samples/s, 1 min 05 s left',
      'Student epoch 2/2: loss 0.5000 (kd 0.4000, labels 0.9000), validation 97.80 %, 12.4 k samples/s, 1 min 05 s left',
      '',
    ]);
  });

  it('writes of thousands of epochs the first, round ones, and the one that a training ended with', () => {
    const output = fakeOutput();
    const progress = progressOn(output);
    for (let number = 1; number <= 1234; number++) progress.show({ ...epoch(number), epochs: 3000 });
    progress.show({ kind: 'phase', phase: 'evaluation', message: 'Evaluates on the test split' });
    const lines = output.text.trimEnd().split('\n');
    const told = lines.slice(0, -1).map((line) => Number(/epoch (\d+)\/3000/.exec(line)?.[1]));
    assert.deepEqual(told, [1, 2, 5, 10, 20, ...Array.from({ length: 24 }, (_, index) => (index + 1) * 50), 1234]);
    assert.equal(lines.at(-1), 'Evaluates on the test split');
  });

  it('uses no control characters', () => {
    const output = fakeOutput();
    const progress = progressOn(output);
    for (const event of events) progress.show(event);
    assert.equal(stripVTControlCharacters(output.text), output.text);
  });
});

describe('progress on a terminal', () => {
  /** What stands on a terminal after all that was written: `\r` and erasing the line are followed. */
  function screen(text: string): string[] {
    return text.split('\n').map((line) => line.split('\r\x1b[2K').at(-1)!);
  }

  function shown(columns: number, until = events.length, now?: () => number): string {
    const output = fakeOutput({ isTerminal: true, columns });
    const progress = progressOn(output, now ?? clock());
    for (const event of events.slice(0, until)) progress.show(event);
    return output.text;
  }

  /** A clock that passes a second at every look. */
  function clock(): () => number {
    let time = 0;
    return () => (time += 1000);
  }

  it('redraws one line, with bar, epoch, losses, accuracy, speed and time left', () => {
    const line = screen(shown(140, 10)).at(-1)!;
    assert.match(
      line,
      /^Student {2}█+░+ {2}epoch 2\/2 {2}loss 0\.5000 {2}\(kd 0\.4000, labels 0\.9000\) {2}validation 97\.80 % {2}12\.4 k samples\/s {2}1 min 05 s left$/,
    );
    assert.match(screen(shown(80, 5)).at(-1)!, /^Teacher outputs {2}█+░+ {2}25 %$/);
  });

  it('keeps the last epoch of a training that ended early', () => {
    const output = fakeOutput({ isTerminal: true, columns: 200 });
    const progress = progressOn(output, clock());
    for (const number of [1, 2]) progress.show({ ...epoch(number), epochs: 9 });
    progress.show({ kind: 'phase', phase: 'evaluation', message: 'Evaluates on the test split' });
    const [last = '', after] = screen(output.text);
    assert.match(last, /^Student epoch 2\/9: loss 0\.5000/);
    assert.match(after ?? '', /Evaluates on the test split/);
  });

  it('keeps the last epoch of every network', () => {
    const lines = screen(shown(140));
    assert.deepEqual(lines.slice(-2), [
      'Student epoch 2/2: loss 0.5000 (kd 0.4000, labels 0.9000), validation 97.80 %',
      '',
    ]);
  });

  it('never draws a line as wide as the terminal', () => {
    for (const columns of [20, 40, 60, 80, 100, 140]) {
      for (let until = 5; until <= 8; until++) {
        const line = screen(shown(columns, until)).at(-1)!;
        assert.ok(line.length < columns, `${line.length} of ${columns}: ${line}`);
      }
    }
  });

  it('redraws at most ten times a second', () => {
    const output = fakeOutput({ isTerminal: true });
    let time = 0;
    const progress = progressOn(output, () => (time += 5));
    for (let index = 0; index < 200; index++) progress.show(step(5));
    const drawn = output.text.split('\r\x1b[2K').length - 1;
    assert.ok(drawn > 5 && drawn < 25, `${drawn} times in ${time} ms`);
  });

  it('leaves an empty line at the end', () => {
    const output = fakeOutput({ isTerminal: true });
    const progress = progressOn(output);
    progress.show(step(5));
    progress.end();
    assert.equal(screen(output.text).at(-1), '');
  });
});
