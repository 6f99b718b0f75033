import * as z from 'zod';

const share = (most: number) => z.number().gt(0).max(most).optional();

/** Random changes of the samples, anew at every step. */
export const augmentationSchema = z
  .strictObject({
    shift: z.int().min(1).max(256).optional().describe('Shift images by up to this many pixels.'),
    rotate: share(180).describe('Turn images by up to this many degrees.'),
    zoom: share(0.9).describe('Enlarge or shrink images by up to this share.'),
    flip: z.boolean().default(false).describe('Mirror every other image from left to right.'),
    brightness: share(10).describe('Change the brightness by up to this much.'),
    contrast: share(1).describe('Change the contrast by up to this share.'),
    saturation: share(1).describe('Change the saturation of colours by up to this share.'),
    hue: share(180).describe('Turn the hue of colours by up to this many degrees.'),
    randAugment: z
      .strictObject({
        operations: z
          .int()
          .min(1)
          .max(14)
          .describe('How many of the 14 operations change an image, one after the other.'),
        magnitude: z.number().gt(0).max(1).default(0.3).describe('Their strength, 0…1.'),
      })
      .optional()
      .describe('RandAugment: operations on colours and shape, others for every image (arXiv 1909.13719).'),
    noise: share(10).describe('Standard deviation of noise that is added.'),
    mixup: share(100).describe(
      'Blend pairs of samples and their labels; α of the Beta distribution (arXiv 1710.09412).',
    ),
    cutmix: share(100).describe(
      'Paste a part of one image into another and blend the labels; α of the Beta distribution (arXiv 1905.04899).',
    ),
  })
  .describe(
    'Random changes of the training samples, other ones at every step. Teacher and student see the same: the teacher is ' +
      'asked about every batch.',
  );
