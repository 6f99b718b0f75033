import * as z from 'zod';

/** A path in an experiment file is relative to the file's folder, or absolute. */
const path = z.string().min(1);
const fraction = z.number().gt(0).lt(1);
const count = z.int().positive();
const share = z.number().min(0).max(1);

/** What values are brought to mean 0 and deviation 1 by; within what float32 divides. */
export const channelStatistics = z.strictObject({
  mean: z.array(z.number().min(-1e30).max(1e30)).min(1).describe('Per channel, of values scaled to 0…1.'),
  std: z.array(z.number().min(1e-20).max(1e30)).min(1).describe('Per channel, of values scaled to 0…1.'),
});

const normalization = z
  .union([z.enum(['auto', 'none', 'mnist', 'cifar10', 'imagenet']), channelStatistics])
  .describe(
    'What is done to values scaled to 0…1 before the models see them: (x − mean) / std per channel. By itself nothing, but series, and arrays of numbers far from 0 and 1, are brought to mean 0 and deviation 1 for networks that are made here. Where a network is trained on from a file, what that file says.',
  );

/** How more samples are made from those that there are. */
export const synthesizeSchema = z.strictObject({
  rows: count.max(10_000_000).describe('How many rows, or texts, are made.'),
  swap: z
    .number()
    .gt(0)
    .max(1)
    .default(0.9)
    .describe('Tables: share of the columns that a row takes from its nearest neighbour.'),
  spread: z
    .number()
    .min(0.01)
    .max(1000)
    .default(1)
    .describe("Tables: numbers are drawn around the neighbour's: the higher, the closer to it."),
  mask: share.default(0.1).describe('Texts: share of the words that are hidden.'),
  replace: share
    .default(0.1)
    .describe('Texts: share of the words in whose place others stand, of the training split or of the tokenizer.'),
  fragment: share.default(0.25).describe('Texts: share of those of which only 1 to 5 words in a row are left.'),
});

/** The data: where they lie, what is learned from them, and how they are divided and prepared. */
export const datasetSchema = z.strictObject({
  path: path.describe('A folder or file, or `builtin:digits`, which needs no files.'),
  table: z
    .string()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'Which table is meant where the file holds several: a file in an archive, a sheet of a workbook, a configuration of a dataset, ' +
        'a table of a database or a query that begins with SELECT. Default: the only one that there is.',
    ),
  encoding: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .describe(
      'The encoding of files of text that are not UTF-8, such as `windows-1251`, `gb18030` or `shift_jis`. Default: their words tell.',
    ),
  validation: fraction.default(0.1).describe('Share of the training samples that selects the best student.'),
  test: fraction.default(0.2).describe('Share set aside for the final test when the data brings no test split.'),
  limit: count.optional().describe('Use only this many training samples, every class with its share of them.'),
  unlabelled: z
    .union([path, z.array(path).min(1).max(100)])
    .optional()
    .describe(
      'Folders or files of further samples, in any format, that the teacher labels and the student is taught on as well. They need no ' +
        'labels; those that they have are not looked at.',
    ),
  synthesize: synthesizeSchema
    .optional()
    .describe(
      'Makes more from the training split, for the teacher to label. Tables: rows, column by column given the others ' +
        '(MUNGE, Buciluǎ et al. 2006). Texts: words are hidden and replaced, and fragments left (Tang et al. 2019).',
    ),
  enlarge: z
    .enum(['auto', 'never'])
    .default('auto')
    .describe(
      '`auto`: a student that learns the training samples by heart is taught on more of them: images changed as the teacher sees ' +
        'through, rows made from those of a table, texts made from texts. Only where the number of epochs is left to Distillery and nothing else says what to learn from.',
    ),
  exclude: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      'Classes that the transfer set lacks; validation and test keep them. What the student believes of them is ' +
        'corrected by one bias, found on the validation split.',
    ),
  normalization: normalization.default('auto'),
  resize: z
    .array(count.max(8192))
    .length(2)
    .optional()
    .describe('Height and width that images are brought to. Default: all images must have one size.'),
  fit: z
    .enum(['cover', 'letterbox', 'stretch'])
    .default('cover')
    .describe(
      'How: `cover` keeps proportions and crops the longer side around its middle; `letterbox` keeps proportions and everything, between ' +
        'black bars; `stretch` keeps everything.',
    ),
  shorterSide: count
    .max(8192)
    .optional()
    .describe(
      'With `cover`: brings the shorter side to so many pixels and then cuts the middle out, such as 256 before 224 × 224 for teachers of ' +
        'ImageNet. Default: what just covers.',
    ),
  orientation: z
    .boolean()
    .default(false)
    .describe(
      'Turn images as their cameras noted in the EXIF data. Default: that is ignored, as by the loaders of most teachers.',
    ),
  classFolders: z
    .enum(['outermost', 'innermost'])
    .optional()
    .describe(
      'Image folders within folders: which of them are the classes. Default: the innermost, unless all outer folders hold the same ones.',
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
      'Tables: the column or columns to predict. Default: one with a name that says so (label, target, class, churn, price, …), else the last.',
    ),
  columns: z
    .record(z.string(), z.enum(['number', 'category', 'date', 'text', 'ignore']))
    .optional()
    .describe('Tables: what columns are used as, by name. Default: their contents tell.'),
  split: z
    .strictObject({
      group: z.string().min(1).optional().describe('The column: rows with the same value stay in the same split.'),
      time: z
        .string()
        .min(1)
        .optional()
        .describe(
          'The column of numbers, dates or times: the latest rows are the test, those before them the validation.',
        ),
    })
    .optional()
    .describe(
      'Tables: rows that belong together, such as those of one person, or that follow each other in time, when the data brings no splits.',
    ),
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
