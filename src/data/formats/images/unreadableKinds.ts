import type { Problem } from '../../../errors.ts';
import { pathProblem } from '../../findings/problems.ts';

/** Images by the endings of their names that are not read here, and how they become such that are. */
const KINDS: readonly { readonly name: string; readonly ending: RegExp; readonly way: string }[] = [
  { name: 'HEIC', ending: /\.(?:heic|heif|hif)$/i, way: 'heif-convert or macOS sips' },
  { name: 'JPEG 2000', ending: /\.(?:jp2|j2k|jpf|jpx)$/i, way: 'ImageMagick' },
  { name: 'JPEG XL', ending: /\.jxl$/i, way: 'djxl' },
  { name: 'raw camera data', ending: /\.(?:dng|cr2|cr3|nef|arw|orf|rw2|raf)$/i, way: 'darktable-cli' },
  { name: 'DICOM', ending: /\.(?:dcm|dicom)$/i, way: 'dcmtk (dcm2img)' },
  { name: 'Photoshop files', ending: /\.psd$/i, way: 'ImageMagick' },
  { name: 'Targa or EXR', ending: /\.(?:tga|exr|hdr)$/i, way: 'ImageMagick' },
];

/** A sentence for each kind of image among the files that cannot be read here: how many, the first, and the way out. */
export function unreadableProblems(files: readonly string[]): readonly Problem[] {
  return KINDS.flatMap(({ name, ending, way }) => {
    const found = files.filter((file) => ending.test(file));
    const [first] = found;
    if (first === undefined) return [];
    const are = found.length === 1 ? `${first} is` : `${found.length} files, ${first} first, are`;
    return pathProblem(
      `${are} ${name}, which cannot be read here.`,
      `Convert them to PNG or JPEG, with ${way} for instance, or remove them.`,
    );
  });
}
