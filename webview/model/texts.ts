import type { GradientSupport, ValueDescription } from '../../src/protocol/modelView.ts';
import { found } from '../found.ts';
import { t } from '../l10n.ts';

/** A type with its dimensions, such as `float32[N, 10]`. */
export function typeText({ type, shape }: Pick<ValueDescription, 'type' | 'shape'>): string {
  return `${type}[${shape === null ? '?' : shape.join(', ')}]`;
}

export function gradientText(gradient: GradientSupport): string {
  switch (gradient.kind) {
    case 'supported':
      return t('Yes');
    case 'not-needed':
      return t('Not needed');
    case 'unsupported':
      return t('No: {0}', found(gradient.reason));
  }
}

/** The last part of a path. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** A number with as many digits as tell it from its neighbours in a tensor. */
export function numberText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : String(value);
}
