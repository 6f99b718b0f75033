import assert from 'node:assert/strict';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { announceDevice } from '../../../src/run/announceDevice.ts';
import type { Run } from '../../../src/run/run.ts';
import { hasBfloat16Products } from '../../../src/training/engines/bfloat16Products.ts';
import { sessionLayout, type ImageLayout } from '../../../src/training/engines/session.ts';
import type { TrainingPrecision } from '../../../src/training/precision/trainingPrecision.ts';
import { settled } from '../../support/settled.ts';

interface Told {
  readonly warnings: readonly string[];
  /** Whether it noted products in bfloat16. */
  readonly noted: boolean | undefined;
  readonly layout?: ImageLayout;
}

/** What a run warns of when it tells what it trains on, and what it notes. */
async function told(
  precision: TrainingPrecision,
  device: 'cpu' | 'webgpu',
  begun?: boolean,
  layouts: { readonly chosen?: ImageLayout; readonly begun?: ImageLayout } = {},
): Promise<Told> {
  const warnings: string[] = [];
  let noted: boolean | undefined;
  let layout: ImageLayout | undefined;
  const run = {
    experiment: settled({
      teacher: null,
      dataset: { path: 'builtin:digits' },
      student: { architecture: 'mlp' },
      objective: [{ loss: 'labels', weight: 1 }],
      training: { precision },
    }),
    journal: {
      device: undefined,
      roundsProducts: begun,
      layout: layouts.begun,
      noteDevice: (_: string, how: { readonly roundsProducts?: boolean; readonly layout?: ImageLayout }) => {
        noted = how.roundsProducts;
        layout = how.layout;
        return Promise.resolve();
      },
    },
    choosing: Promise.resolve({ device, message: `Trains on ${device}.`, fellBack: false, layout: layouts.chosen }),
    onEvent: (event: RunEvent) => {
      if (event.kind === 'warning') warnings.push(event.problem.message);
    },
  };
  assert.equal(await announceDevice(run as unknown as Run), device);
  return { warnings, noted, ...(layout && { layout }) };
}

describe('announceDevice', () => {
  it('says what takes the place of bfloat16 on a device without it', async () => {
    assert.deepEqual(await told('bfloat16', 'webgpu'), {
      warnings: ['ONNX Runtime knows no products in bfloat16 on webgpu. Trains in float32, which is more exact.'],
      noted: false,
    });
  });

  it('says what a run that goes on elsewhere does otherwise than before', async () => {
    const has = await hasBfloat16Products();
    const { warnings, noted } = await told('bfloat16', 'cpu', !has);
    assert.equal(noted, has);
    assert.equal(
      warnings.at(-1),
      has
        ? 'The run began on a processor without products in bfloat16 and goes on with them.'
        : 'The run began with products in bfloat16 and goes on without them.',
    );
    assert.equal((await told('bfloat16', 'cpu', has)).warnings.length, has ? 0 : 1);
  });

  it('lays images out as the trial chose, and where the run goes on as it began', async () => {
    assert.equal((await told('float32', 'webgpu', undefined, { chosen: 'NCHW' })).layout, 'NCHW');
    assert.equal(sessionLayout(), 'NCHW');
    assert.equal((await told('float32', 'webgpu', false, { chosen: 'NCHW', begun: 'NHWC' })).layout, 'NHWC');
    assert.equal(sessionLayout(), 'NHWC');
    assert.equal((await told('float32', 'webgpu')).layout, undefined);
    assert.equal(sessionLayout(), 'NHWC');
  });

  it('says nothing of it where float32 is asked for', async () => {
    assert.deepEqual(await told('float32', 'cpu', false), { warnings: [], noted: false });
  });
});
