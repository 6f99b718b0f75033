import assert from 'node:assert/strict';
import { describeMachine } from '../../../src/evaluation/describeMachine.ts';
import { measureLatency } from '../../../src/evaluation/latency.ts';

describe('measureLatency', () => {
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

  it('gives median and 95th percentile of every model, interpolated', async () => {
    const { models, now } = modelsOf({ a: [1, 2, 3, 4, 5], b: [10] });
    const latency = await measureLatency(models, { warmUp: 0, rounds: 5, now });
    assert.deepEqual(latency.get('a'), { p50: 3, p95: 4.8, p99: 4.96 });
    assert.deepEqual(latency.get('b'), { p50: 10, p95: 10, p99: 10 });
  });

  it('does not count the warm-up', async () => {
    const { models, now } = modelsOf({ a: [100, 100, 1, 1, 1] });
    const latency = await measureLatency(models, { warmUp: 2, rounds: 3, now });
    assert.deepEqual(latency.get('a'), { p50: 1, p95: 1, p99: 1 });
  });

  it('interleaves the models, beginning with another one each round', async () => {
    const { models, order, now } = modelsOf({ a: [1], b: [1], c: [1] });
    await measureLatency(models, { warmUp: 1, rounds: 3, now });
    assert.equal(order.join(''), 'abcbcacababc');
  });

  it('uses a real clock by default', async () => {
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
    const latency = await measureLatency([{ name: 'a', run: wait }], { warmUp: 0, rounds: 2 });
    assert.ok(latency.get('a')!.p50 >= 4, `${latency.get('a')!.p50} ms`);
  });

  it('refuses to measure nothing', async () => {
    await assert.rejects(measureLatency([], { warmUp: 1, rounds: 0 }), /at least one round/);
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
