import assert from 'node:assert/strict';
import { releaseArrays } from '../../../src/platform/releaseArrays.ts';

describe('arrays that nobody reads any more', () => {
  it('give their memory back at once, also where two are of one buffer', async () => {
    const MEGABYTES = 64;
    const floats = new Float32Array(MEGABYTES * 2 ** 18).fill(1);
    const before = process.memoryUsage().arrayBuffers;
    const released = releaseArrays([floats, new Float32Array(floats.buffer, 0, 4)]);
    assert.equal(floats.length, 0);
    await released;
    assert.ok(process.memoryUsage().arrayBuffers <= before - MEGABYTES * 2 ** 20);
  });
});
