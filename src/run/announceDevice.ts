import { precisionsOf } from '../experiment/precisionOf.ts';
import type { DeviceName } from '../protocol/events.ts';
import { precisionOn } from '../training/engines/bfloat16Products.ts';
import { preferLayout } from '../training/engines/session.ts';
import { chooseTrainingDevice } from './chooseTrainingDevice.ts';
import type { Run } from './run.ts';

/** Decides what a run trains on, and tells it with whatever of the person's wishes is not met there. */
export async function announceDevice(run: Run): Promise<DeviceName> {
  const { experiment, journal, choosing, onEvent } = run;
  // A run that goes on does so on the device where it began, whatever else would be there by now.
  const wanted = journal.device ?? experiment.device;
  const knowsLayout = journal.layout !== undefined;
  const chosen = await (choosing ?? chooseTrainingDevice(experiment, wanted, { knowsLayout }));
  const { device, message, fellBack } = chosen;
  const layout = journal.layout ?? chosen.layout;
  preferLayout(layout ?? 'NHWC');
  onEvent({ kind: 'device', device, requested: experiment.device, message });
  if (fellBack) {
    onEvent({
      kind: 'warning',
      problem: { where: 'device', message: `'${wanted}' does not work here. ${message}` },
    });
  }
  const precisions = precisionsOf(experiment);
  if (device === 'cpu' && precisions.includes('float16')) {
    onEvent({
      kind: 'warning',
      problem: {
        where: 'training.precision',
        message: 'On the CPU training in float16 is slower than in float32: it is computed in float32 and rounded.',
        hint: "Choose 'float32', unless this run is to show what float16 does to the result.",
      },
    });
  }
  const rounds = precisions.includes('bfloat16') && (await tellBfloat16(run, device));
  await journal.noteDevice(device, { roundsProducts: rounds, layout });
  return device;
}

/** Tells where products in bfloat16 are computed in float32, and where a run goes on otherwise than it began. @returns whether they are rounded */
async function tellBfloat16({ journal, onEvent }: Run, device: DeviceName): Promise<boolean> {
  const rounds = (await precisionOn(device, 'bfloat16')) === 'bfloat16';
  const tell = (message: string): void => {
    onEvent({ kind: 'warning', problem: { where: 'training.precision', message } });
  };
  if (!rounds) {
    const lack =
      device === 'cpu'
        ? `ONNX Runtime knows no products in bfloat16 of this processor (${process.arch}); Arm processors may have them.`
        : `ONNX Runtime knows no products in bfloat16 on ${device}.`;
    tell(`${lack} Trains in float32, which is more exact.`);
  }
  if (journal.roundsProducts !== undefined && journal.roundsProducts !== rounds) {
    tell(
      rounds
        ? 'The run began on a processor without products in bfloat16 and goes on with them.'
        : 'The run began with products in bfloat16 and goes on without them.',
    );
  }
  return rounds;
}
