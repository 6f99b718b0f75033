import assert from 'node:assert/strict';
import { openSessions } from '../../../src/training/engines/session.ts';
import { measureSmallNetwork } from '../../support/measuredSpeed.ts';

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
