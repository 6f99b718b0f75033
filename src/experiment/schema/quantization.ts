import * as z from 'zod';

/** Students in other number formats, written beside the trained one. */
export const quantizationSchema = z
  .strictObject({
    staticInt8: z
      .boolean()
      .default(true)
      .describe('Write the student with int8 weights and activations, whose ranges are observed on training samples.'),
    dynamicInt8: z
      .boolean()
      .default(false)
      .describe('Write the student with int8 weights, whose activations are quantised as they come.'),
    float16: z.boolean().default(false).describe('Write the student with its weights stored as float16.'),
    int4: z
      .boolean()
      .default(false)
      .describe(
        'Write the student with the matrices of its dense layers in 4 bits, 32 weights with a scale of their own, as ONNX Runtime computes with them.',
      ),
    aware: z
      .boolean()
      .default(false)
      .describe(
        'Train the finished student on as it computes in int8 (quantisation-aware distillation, with the same objective), and write it with int8 weights and activations.',
      ),
    awareShare: z
      .number()
      .gt(0)
      .max(10)
      .default(0.3)
      .describe(
        "How long 'aware' trains, as a share of the epochs, steps and minutes of the training; one epoch at least.",
      ),
    awareRate: z
      .number()
      .min(1e-6)
      .max(10)
      .default(0.1)
      .describe("The learning rate that 'aware' begins with, as a share of the training's; it falls to 0."),
    weightRange: z
      .enum(['auto', 'reduced', 'full'])
      .default('auto')
      .describe(
        "Bits that int8 weights take: 'reduced' is 7, exact on every processor; 'full' is 8, which overflows on x86 processors without VNNI; 'auto' takes 8 where this processor computes them exactly, else 7.",
      ),
    calibrationSamples: z
      .int()
      .min(1)
      .max(100_000)
      .default(512)
      .describe('Training samples on which the ranges of activations are observed.'),
    largestDrop: z
      .number()
      .min(0)
      .max(1)
      .default(0.005)
      .describe(
        'Most accuracy that may be lost, 0…1; a student that loses more on the validation split (on the test split where that is small) is not kept.',
      ),
    largestRise: z
      .number()
      .min(0)
      .max(100)
      .default(0.05)
      .describe('Where there is no accuracy: by which share the mean squared error may rise; 0.05 is 5 %.'),
  })
  .describe('Also write the student in fewer bytes, with its accuracy, and refuse what loses too much.');

export type QuantizationOptions = z.output<typeof quantizationSchema>;
