import { z } from 'zod';

/** A path in an experiment file is relative to the file's folder, or absolute. */
const path = z.string().min(1);
const fraction = z.number().gt(0).lt(1);
const count = z.int().positive();

const normalization = z
  .union([
    z.enum(['none', 'mnist', 'cifar10', 'imagenet']),
    z.strictObject({
      mean: z.array(z.number()).min(1).describe('Per channel, of values scaled to 0…1.'),
      std: z.array(z.number().positive()).min(1).describe('Per channel, of values scaled to 0…1.'),
    }),
  ])
  .describe('What is done to values scaled to 0…1 before the models see them: (x − mean) / std per channel.');

/** The data: where they lie, what is learned from them, and how they are divided and prepared. */
export const datasetSchema = z.strictObject({
  path: path.describe('A folder or file, or `builtin:digits`, which needs no files.'),
  validation: fraction.default(0.1).describe('Share of the training samples that selects the best student.'),
  test: fraction.default(0.2).describe('Share set aside for the final test when the data brings no test split.'),
  limit: count
    .optional()
    .describe('Use only this many training samples, the same number of every class where possible.'),
  exclude: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      'Classes that the transfer set lacks; validation and test keep them. What the student believes of them is ' +
        'corrected by one bias, found on the validation split.',
    ),
  normalization: normalization.default('none'),
  resize: z
    .array(count.max(8192))
    .length(2)
    .optional()
    .describe('Height and width that images are brought to. Default: all images must have one size.'),
  fit: z
    .enum(['cover', 'stretch'])
    .default('cover')
    .describe(
      'How: `cover` keeps proportions and crops the longer side around its middle; `stretch` keeps everything.',
    ),
  strict: z
    .boolean()
    .default(false)
    .describe('Refuse images that are corrupt. Default: they are left out, and a warning names them.'),
  task: z
    .enum(['classification', 'multi-label', 'token-classification', 'regression', 'reconstruction', 'matching'])
    .optional()
    .describe(
      'What is learned. Default: what the labels say. `reconstruction` learns to give the sample back, `matching` only to ' +
        'give what the teacher gives; both need no labels.',
    ),
  target: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(1000)])
    .optional()
    .describe(
      'Tables: the column or columns to predict. Default: one called label, class, target or y, else the last.',
    ),
  columns: z
    .record(z.string(), z.enum(['number', 'category', 'text', 'ignore']))
    .optional()
    .describe('Tables: what columns are used as, by name. Default: their contents tell.'),
  split: z
    .strictObject({
      group: z.string().min(1).describe('The column: rows with the same value stay in the same split.'),
    })
    .optional()
    .describe('Tables: rows that belong together, such as those of one person, when the data brings no splits.'),
  scaling: z
    .enum(['standard', 'none'])
    .default('standard')
    .describe(
      'Tables: `standard` brings every number, those to predict too, to mean 0 and standard deviation 1 of the training split.',
    ),
  tokenizer: path
    .optional()
    .describe("Texts: the teacher's tokenizer.json. Default: the words of the training split are the tokens."),
  length: count
    .max(8192)
    .default(128)
    .describe('Texts: tokens of a sample; longer texts are cut off, shorter ones filled up.'),
  vocabulary: count
    .min(3)
    .max(1_000_000)
    .default(10_000)
    .describe('Texts without a tokenizer: how many tokens there may be; rarer words are one unknown token.'),
});
