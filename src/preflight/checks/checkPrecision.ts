import type { Problem } from '../../errors.ts';
import type { Experiment } from '../../experiment/schema.ts';

/**
 * A device that is asked for and has no products in bfloat16, whatever it is. On a processor without them, where an experiment may well come
 * from another machine, float32 takes their place, and with the device `auto` wherever the run trains.
 */
export function checkPrecision({ teacher, training, device }: Experiment): readonly Problem[] {
  if (device === 'auto' || device === 'cpu') return [];
  const own = teacher && 'training' in teacher ? teacher.training?.precision : undefined;
  const fields = [
    { where: 'teacher.training.precision', precision: own },
    { where: 'training.precision', precision: training.precision },
  ];
  return fields
    .filter(({ precision }) => precision === 'bfloat16')
    .map(({ where }) => ({
      where,
      message: `In bfloat16 products are computed on the CPU alone, not on '${device}'.`,
      hint: "Choose 'float32' or 'float16', or the device 'cpu' or 'auto'.",
    }));
}
