export interface WaveOptions {
  readonly rate?: number;
  readonly channels?: number;
  readonly bits?: 8 | 16 | 24 | 32 | 64;
  readonly isFloat?: boolean;
}

/** A WAV file of amplitudes from −1 to 1, the same in every channel. */
export function waveFile(amplitudes: readonly number[], options: WaveOptions = {}): Uint8Array {
  const { rate = 8000, channels = 1, bits = 16, isFloat = false } = options;
  const width = bits / 8;
  const size = amplitudes.length * channels * width;
  const file = Buffer.alloc(44 + size);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + size, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(isFloat ? 3 : 1, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * channels * width, 28);
  file.writeUInt16LE(channels * width, 32);
  file.writeUInt16LE(bits, 34);
  file.write('data', 36);
  file.writeUInt32LE(size, 40);
  for (const [index, amplitude] of amplitudes.entries()) {
    for (let channel = 0; channel < channels; channel++) {
      const at = 44 + (index * channels + channel) * width;
      if (isFloat && bits === 64) file.writeDoubleLE(amplitude, at);
      else if (isFloat) file.writeFloatLE(amplitude, at);
      else if (bits === 8) file.writeUInt8(Math.round(amplitude * 127) + 128, at);
      else file.writeIntLE(Math.round(amplitude * (2 ** (bits - 1) - 1)), at, width);
    }
  }
  return file;
}

/** Amplitudes of a tone. */
export function tone(hertz: number, seconds: number, rate = 8000, loudness = 1): number[] {
  return Array.from(
    { length: Math.round(seconds * rate) },
    (_, at) => loudness * Math.sin((2 * Math.PI * hertz * at) / rate),
  );
}
