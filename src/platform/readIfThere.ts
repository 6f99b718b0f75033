import { systemCodeOf } from '../errors.ts';

/** What reading gives, or something else where there is nothing to read: what is gone, or lies below a file. */
export async function readIfThere<T>(reading: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return otherwise;
    throw error;
  }
}
