import { writeTick } from '../../src/report/drawings/writeTick.ts';
import { formatCount, formatDuration } from '../../src/report/format.ts';
import { t } from '../l10n.ts';
import type { XAxis } from './timeline.ts';

/** The name that stands under an x axis. */
export function nameOfAxis(axis: XAxis): string {
  switch (axis) {
    case 'epoch':
      return t('epoch');
    case 'step':
      return t('step');
    case 'time':
      return t('time of training');
  }
}

/** A mark of an x axis in words. */
export function formatX(axis: XAxis, value: number): string {
  switch (axis) {
    case 'epoch':
      return String(Number(value.toFixed(3)));
    case 'step':
      return value < 10_000 ? String(Number(value.toFixed(1))) : writeTick(formatCount(value));
    case 'time':
      return value === 0 ? '0' : formatDuration(value);
  }
}
