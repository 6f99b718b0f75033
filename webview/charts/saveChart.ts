import type { CsvLine } from '../../src/protocol/panel.ts';
import { post } from '../vscodeApi.ts';
import { PICTURE_SIZE } from './chartSvg.ts';
import type { Series } from './series.ts';

/** Pixels of a saved picture for each of its units: sharp in print. */
const PIXELS = 2;

/** Hands a picture to the host, which asks where to. */
export function saveSvg(name: string, svg: string): void {
  const bytes = new TextEncoder().encode(svg);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  post({ kind: 'saveChart', name, format: 'svg', base64 });
}

/** Has the host, which has every value, save those of these lines. */
export function saveValues(name: string, series: readonly Series[]): void {
  post({ kind: 'saveCurves', name, lines: series.flatMap(csvLine) });
}

/** What the host has to write for a line. */
function csvLine({ label, network, curve, y }: Series): CsvLine[] {
  if (curve) return [{ kind: 'curve', label, network, curve: curve.kind, term: curve.term }];
  const [value] = y;
  return typeof value === 'number' ? [{ kind: 'level', label, value }] : [];
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
