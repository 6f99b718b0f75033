import assert from 'node:assert/strict';
import { chooseLayout, tellLayout } from '../../../../src/training/engines/devices/chooseLayout.ts';
import type { ImageLayout } from '../../../../src/training/engines/session.ts';

/** The choice where a step takes so long with channels last, and with channels first. */
function choose(last: number, first: number) {
  return chooseLayout((layout) => Promise.resolve(layout === 'NHWC' ? last : first));
}

describe('chooseLayout', () => {
  it('leaves ONNX Runtime its own choice unless the other is clearly faster', async () => {
    assert.deepEqual(await choose(10, 20), { layout: 'NHWC', ratio: 0.5 });
    assert.deepEqual(await choose(10, 9.8), { layout: 'NHWC', ratio: 10 / 9.8 });
    assert.deepEqual(await choose(10, 8), { layout: 'NCHW', ratio: 0.8 });
  });

  it('chooses nothing where one of them does not work', async () => {
    const failing = (broken: ImageLayout) =>
      chooseLayout((layout) => (layout === broken ? Promise.reject(new Error('no')) : Promise.resolve(1)));
    assert.equal(await failing('NHWC'), undefined);
    assert.equal(await failing('NCHW'), undefined);
  });

  it('is told with what it saves', () => {
    assert.equal(
      tellLayout({ layout: 'NCHW', ratio: 0.8 }),
      'Images lie there with their channels first, which took 0.80 of the time of channels last in a short trial.',
    );
    assert.match(tellLayout({ layout: 'NHWC', ratio: 0.5 }), /channels last, which took 0\.50 of/);
  });
});
