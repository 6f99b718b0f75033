import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import { describeMachine } from '../../../src/evaluation/describeMachine.ts';
import { latencyOf, timeInTurns, type Timings } from '../../../src/evaluation/latency.ts';
import { isTimedEnough, ratioOfPair } from '../../../src/evaluation/speedRatio.ts';

describe('timeInTurns', () => {
  /** Models that take the given milliseconds, call by call, on a clock of their own. */
  function modelsOf(durations: Record<string, readonly number[]>) {
    let time = 0;
    const order: string[] = [];
    const models = Object.entries(durations).map(([name, milliseconds]) => {
      let call = 0;
      return {
        name,
        run: () => {
          order.push(name);
          time += milliseconds[call++ % milliseconds.length]!;
          return Promise.resolve();
        },
      };
    });
    return { models, order, now: () => time };
  }

  const afterRounds = (rounds: number) => (timings: Timings) => timings.get('a')!.length >= rounds;

  it('gives the time of every round, whose median and late percentiles are interpolated', async () => {
    const { models, now } = modelsOf({ a: [1, 2, 3, 4, 5], b: [10] });
    const timings = await timeInTurns(models, { warmUp: 0, isEnough: afterRounds(5), now });
    assert.deepEqual(timings.get('a'), [1, 2, 3, 4, 5]);
    assert.deepEqual(latencyOf(timings.get('a')!), { p50: 3, p95: 4.8, p99: 4.96 });
    assert.deepEqual(latencyOf(timings.get('b')!), { p50: 10, p95: 10, p99: 10 });
  });

  it('does not count the warm-up, neither among the times nor in the time that has passed', async () => {
    const { models, now } = modelsOf({ a: [100, 100, 1, 1, 1] });
    const passed: number[] = [];
    const isEnough = (timings: Timings, elapsedMs: number) => {
      passed.push(elapsedMs);
      return afterRounds(3)(timings);
    };
    const timings = await timeInTurns(models, { warmUp: 2, isEnough, now });
    assert.deepEqual(timings.get('a'), [1, 1, 1]);
    assert.deepEqual(passed, [1, 2, 3]);
  });

  it('interleaves the models, beginning with another one each round', async () => {
    const { models, order, now } = modelsOf({ a: [1], b: [1], c: [1] });
    await timeInTurns(models, { warmUp: 1, isEnough: afterRounds(3), now });
    assert.equal(order.join(''), 'abcbcacababc');
  });

  it('uses a real clock by default', async () => {
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
    const timings = await timeInTurns([{ name: 'a', run: wait }], { warmUp: 0, isEnough: afterRounds(2) });
    assert.ok(timings.get('a')!.every((milliseconds) => milliseconds >= 4));
  });

  it('says when nothing was timed', () => {
    assert.throws(() => latencyOf([]), /at least one round/);
  });

  it('goes on until the ratio is certain, and ends earlier where nothing disturbs', async () => {
    const noise = randomStream(0, 'busy machine');
    const roundsOf = async (disturbed: number) => {
      // Every run takes its time; now and then another program takes as much as three times that before it goes on.
      const late = () => (noise.uniform(0, 1) < disturbed ? noise.uniform(1, 4) : 1);
      const [slow, fast] = [20, 5].map((ms) => Array.from({ length: 3000 }, () => ms * late()));
      const { models, now } = modelsOf({ teacher: slow!, student: fast! });
      const options = { pairs: [{ slower: 'teacher', faster: 'student' }], limitMs: 60_000 };
      const timings = await timeInTurns(models, {
        warmUp: 3,
        isEnough: (soFar, elapsedMs) => isTimedEnough(soFar, elapsedMs, options),
        now,
      });
      const ratio = ratioOfPair(timings, options.pairs[0]!)!;
      return { rounds: timings.get('student')!.length, ratio };
    };
    const [quiet, busy] = [await roundsOf(0), await roundsOf(0.7)];
    assert.equal(quiet.rounds, 200);
    assert.deepEqual(quiet.ratio, { value: 4, low: 4, high: 4 });
    assert.ok(busy.rounds > quiet.rounds, `${busy.rounds}`);
    assert.ok(busy.ratio.low <= 4 && busy.ratio.high >= 4, JSON.stringify(busy.ratio));
    assert.ok(busy.ratio.high / busy.ratio.low > quiet.ratio.high / quiet.ratio.low);
  });
});

describe('describeMachine', () => {
  it('names processor, memory, system and the versions that measured', () => {
    const machine = describeMachine();
    assert.match(machine, /, \d+ cores?, [\d.]+ [MGT]B memory, /);
    assert.ok(machine.includes(`Node.js ${process.versions.node}`));
    assert.match(machine, /ONNX Runtime \d+\.\d+/);
  });
});
