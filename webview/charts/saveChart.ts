import { post } from '../vscodeApi.ts';
import { PICTURE_SIZE } from './chartSvg.ts';

/** Pixels of a saved picture for each of its units: sharp in print. */
const PIXELS = 2;

/** Hands a picture or a table to the host, which asks where to. */
export function saveText(name: string, format: 'svg' | 'csv', text: string): void {
  const bytes = new TextEncoder().encode(text);
  post({
    kind: 'saveChart',
    name,
    format,
    base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
  });
}

/** Draws a picture in pixels and hands it to the host. */
export async function savePixels(name: string, svg: string): Promise<void> {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = PICTURE_SIZE.width * PIXELS;
  canvas.height = PICTURE_SIZE.height * PIXELS;
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const base64 = canvas.toDataURL('image/png').split(',')[1];
  if (base64 !== undefined) post({ kind: 'saveChart', name, format: 'png', base64 });
}
