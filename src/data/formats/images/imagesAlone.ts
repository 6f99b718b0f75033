import { join } from 'node:path';
import { BadInputError } from '../../../errors.ts';
import type { OpenContext } from '../../dataset.ts';
import { information, type Finding } from '../../findings/finding.ts';
import { pathProblem } from '../../findings/problems.ts';
import type { Location, Source } from '../../source.ts';
import type { Split } from '../../samples/split.ts';
import { ImageFile } from './decoding/encodedImage.ts';
import { imagesBelow, readFolderTree } from './folderTree.ts';
import { openImages } from './openImages.ts';
import type { SplitFolderNames } from './splitFolders.ts';

/**
 * Images without labels, for tasks that need none: all that lie in and below the folders of the splits, whatever those are called.
 *
 * @param names of the splits
 * @throws BadInputError where there are none
 */
export async function openImagesAlone(
  { folder }: Location,
  names: SplitFolderNames,
  kind: 'matching' | 'reconstruction',
  context: OpenContext,
  findings: readonly Finding[],
): Promise<Source> {
  const listed = async (name: string | undefined): Promise<readonly string[]> =>
    name === undefined ? [] : imagesBelow(await readFolderTree(folder, name));
  const training = await listed(names.training);
  const validation = await listed(names.validation);
  const test = await listed(names.test);
  if (training.length === 0) {
    throw new BadInputError([pathProblem(`There are no images in ${join(folder, names.training)}, nor below it.`)]);
  }
  const files = [...training, ...validation, ...test];
  const images = await openImages(
    files.map((name) => new ImageFile(folder, name)),
    context,
  );
  const targets = kind === 'matching' ? ({ kind: 'none' } as const) : ({ kind: 'samples' } as const);
  const split = (first: number, count: number): Split => images.split(first, count, targets);
  const message = `All ${files.length} images in and below the folder are used; folders and labels are not looked at, as the task is '${kind}'.`;
  return {
    format: 'images',
    task: { kind },
    samples: { kind: 'values' },
    sampleShape: images.sampleShape,
    training: split(0, training.length),
    ...(validation.length > 0 && { validation: split(training.length, validation.length) }),
    ...(test.length > 0 && { test: split(training.length + validation.length, test.length) }),
    findings: [...findings, ...names.findings, information('dataset.task', message), ...images.findings],
    ...images.late,
  };
}
