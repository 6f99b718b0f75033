import { basename, extname, join } from 'node:path';
import { imagesBelow, type FolderTree } from './folderTree.ts';

/** What folders of masks are called: pictures whose pixels say what is where in another picture. */
const MASKS =
  /^(?:binary[-_ ]?|seg(?:mentation)?[-_ ]?|instance[-_ ]?|train[-_ ]?|val[-_ ]?|test[-_ ]?)?(?:masks?|labels?|annotations?|annots?|anno|gt|gt[-_ ]?(?:fine|coarse)|ground[-_ ]?truths?|targets?|segmentations?|segmentation[-_ ]?(?:class|object)|trimaps?|mattes?)$/i;
/** What the name of a mask has beside that of its image. */
const ADDED = /[-_. ](?:masks?|labels?|segmentation|seg|gt|matte|l|gt(?:fine|coarse)_\w+)$/i;
/** What that of its image has beside it, in streets of Cityscapes. */
const OF_IMAGE = /_leftImg8bit$/;
/** Share of the masks that belong to an image of another folder. */
const MOST_PAIRED = 0.8;

/** A folder of masks, and the folder of the images that they belong to. */
export interface MaskFolder {
  readonly masks: FolderTree;
  readonly images: FolderTree;
}

/** Folders beside each other that hold masks: so called, and with an image of the same name in another folder. */
export function findMaskFolders(folders: readonly FolderTree[]): readonly MaskFolder[] {
  return folders.flatMap((masks) => {
    if (!MASKS.test(masks.name)) return [];
    const names = imagesBelow(masks).map((path) => baseName(basename(path)));
    if (names.length === 0) return [];
    const images = folders.find((other) => {
      if (other === masks || MASKS.test(other.name)) return false;
      const known = new Set(imagesBelow(other).map((path) => baseName(basename(path))));
      return names.filter((name) => known.has(name)).length >= MOST_PAIRED * names.length;
    });
    return images ? [{ masks, images }] : [];
  });
}

/** What the name of a mask has beside that of the image in the same folder: `benign (1)_mask.png`, `benign (1)_mask_1.png`. */
const ADDED_BESIDE = /[-_. ](?:masks?|segmentation|seg|gt|ground[-_ ]?truth|matte)(?:[-_. ]?\d+)?$/i;

/** A folder and those in it without the masks that lie beside their images, and the paths of these. */
export function withoutMaskFiles(tree: FolderTree): { readonly tree: FolderTree; readonly masks: readonly string[] } {
  const inside = tree.folders.map(withoutMaskFiles);
  const stems = new Set(tree.images.map(stemOf));
  const isMask = (name: string): boolean => {
    const stem = stemOf(name);
    const image = stem.replace(ADDED_BESIDE, '');
    return image !== stem && stems.has(image);
  };
  return {
    tree: {
      ...tree,
      images: tree.images.filter((name) => !isMask(name)),
      folders: inside.map((each) => each.tree),
    },
    masks: [
      ...tree.images.filter(isMask).map((name) => join(tree.path, name)),
      ...inside.flatMap(({ masks }) => masks),
    ],
  };
}

function stemOf(file: string): string {
  return file.slice(0, file.length - extname(file).length);
}

function baseName(file: string): string {
  return stemOf(file).replace(ADDED, '').replace(OF_IMAGE, '');
}
