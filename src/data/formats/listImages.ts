import { join } from 'node:path';
import { listFolder } from '../location.ts';
import { isImageName } from './decodeImage.ts';

/** The images of one class. Paths are relative to the dataset's folder. */
export interface ClassFolder {
  readonly name: string;
  readonly path: string;
  readonly files: readonly string[];
  readonly hasFolders: boolean;
}

/** A folder with a folder for every class, in the order of their names. */
export interface SplitFolder {
  /** Absolute path. */
  readonly folder: string;
  readonly classes: readonly ClassFolder[];
  /** Number of images that lie beside the class folders. */
  readonly looseImages: number;
}

/**
 * Lists the images of the folder `name` of a dataset, class by class, without opening them.
 *
 * @throws BadInputError when a folder cannot be read
 */
export async function listImages(root: string, name: string): Promise<SplitFolder> {
  const folder = join(root, name);
  const { files, folders } = await listFolder(folder);
  const classes = await Promise.all(
    folders.map(async (className): Promise<ClassFolder> => {
      const path = join(name, className);
      const inside = await listFolder(join(root, path));
      return {
        name: className,
        path,
        files: inside.files.filter(isImageName).map((file) => join(path, file)),
        hasFolders: inside.folders.length > 0,
      };
    }),
  );
  return { folder, classes, looseImages: files.filter(isImageName).length };
}
