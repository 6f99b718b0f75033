import assert from 'node:assert/strict';
import { tellLoad } from '../../../../src/run/tellLoad.ts';
import type { MeasuredLoad } from '../../../../src/report/speed.ts';
import { openSessions } from '../../../../src/training/engines/session.ts';
import { measureSmallNetwork } from '../../../support/measuredSpeed.ts';

describe('measureSpeed', () => {
  it('measures on the CPU once where that is the device', async () => {
    const { device, speeds, cpuSpeeds, warnings } = await measureSmallNetwork('cpu');
    assert.equal(device, 'cpu');
    const { latencyMs, throughput } = speeds.get('student')!;
    assert.ok(latencyMs.p50 > 0 && latencyMs.p50 <= latencyMs.p95 && latencyMs.p95 <= latencyMs.p99!);
    assert.ok(throughput!.single > 0 && throughput!.batched! > 0);
    assert.equal(cpuSpeeds, undefined);
    assert.deepEqual(warnings, []);
  });

  it('knows when the machine was busy with other things', async () => {
    const [quiet, busy] = [await measureSmallNetwork('cpu', 0), await measureSmallNetwork('cpu', 0.75)];
    assert.deepEqual(quiet.load, { isBusy: false, others: 0, waiting: 0 });
    assert.deepEqual(busy.load, { isBusy: true, others: 0.75, waiting: 0 });
  });

  it('says that a device refuses a network, and has the CPU alone', async () => {
    const missing = process.platform === 'win32' ? 'coreml' : 'dml';
    const before = openSessions();
    const { device, speeds, cpuSpeeds, warnings } = await measureSmallNetwork(missing);
    assert.equal(device, 'cpu');
    assert.ok(speeds.has('student'));
    assert.equal(cpuSpeeds, undefined);
    assert.match(warnings[0]!.message, new RegExp(`^The speed on ${missing} could not be measured: .*on the CPU`));
    assert.equal(openSessions(), before);
  });
});

describe('tellLoad', () => {
  const told = (load: MeasuredLoad) => {
    const messages: string[] = [];
    tellLoad(load, { onEvent: (event) => messages.push(event.kind === 'phase' ? event.message : event.kind) });
    return messages;
  };

  it('says how busy the machine was, as far as it is known', () => {
    assert.match(
      told({ isBusy: true, others: 0.75, waiting: 0.2 }).join(),
      /busy .*\(other programs took 75 % of the processors, networks waited for a processor 20 % of the time\)/,
    );
    assert.match(told({ isBusy: true, others: 0.75, waiting: null }).join(), /\(other programs took 75 %[^,]*\)/);
  });

  it('says nothing of a machine that was not', () => {
    assert.deepEqual(told({ isBusy: false, others: 0.05, waiting: 0 }), []);
  });
});
