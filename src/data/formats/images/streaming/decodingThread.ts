import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { imageLibrary } from '../../../../platform/imageLibrary.ts';
import { decodeImage, reasonNotDecoded } from '../decoding/decodeImage.ts';
import { copyPlanes, isGrey } from '../imageStore.ts';
import type { DecodingOutcome, DecodingReply, DecodingRequest, DecodingSetup } from './decodingMessages.ts';

/**
 * The program of a thread that decodes images ahead of the training loop: ONNX Runtime's steps block the loop's own thread, and
 * with it everything asynchronous. What libvips decodes it decodes in threads of its own; one image per thread is faster than one image in several.
 */

type DecodeRequest = Extract<DecodingRequest, { kind: 'decode' }>;
type HashRequest = Extract<DecodingRequest, { kind: 'hash' }>;

/** Images that are decoded before one is only hashed. */
const DECODED_PER_HASH = 16;

const { form, slots } = workerData as DecodingSetup;
const size = form.channels * form.height * form.width;
/** One in this thread or libvips's, and one that waits. */
const mostAtOnce = 2;
const urgent: DecodeRequest[] = [];
const ahead: DecodeRequest[] = [];
const toHash: HashRequest[] = [];
let underWay = 0;
let decoded = 0;
let stopped = false;

const sharp = await imageLibrary();
sharp.concurrency(1);
// Every file is opened once per pass.
sharp.cache(false);

parentPort?.on('message', (request: DecodingRequest) => {
  switch (request.kind) {
    case 'decode':
      (request.urgent ? urgent : ahead).push(request);
      startNext();
      break;
    case 'hash':
      toHash.push(request);
      startNext();
      break;
    case 'stop':
      stopped = true;
      closeWhenDone();
      break;
  }
});

function startNext(): void {
  while (!stopped && underWay < mostAtOnce) {
    const request = urgent.shift() ?? ahead.shift();
    if (!request) {
      hashNext();
      return;
    }
    // Where there is always something to decode, hashes are wanted all the same.
    if (++decoded % DECODED_PER_HASH === 0) hashNext();
    underWay++;
    void decodeInto(request).then((outcome) => {
      underWay--;
      reply({ kind: 'decoded', slot: request.slot, outcome });
      // What is urgent, or ends the thread, is heard in between.
      setImmediate(startNext);
      closeWhenDone();
    });
  }
}

/** Hashes one image, and looks again whether there is something to decode before the next. */
function hashNext(): void {
  const request = toHash.shift();
  if (!request) return;
  const { image, content } = request;
  try {
    tellHash(image, contentOf(content));
  } catch {
    // It is met again, and named, when it is decoded. No two hashes of this kind are alike.
    reply({ kind: 'hashed', image, hash: [image, 0] });
  }
  setImmediate(startNext);
}

function tellHash(image: number, bytes: Buffer): void {
  const digest = createHash('sha1').update(bytes).digest();
  reply({ kind: 'hashed', image, hash: [digest.readUInt32LE(0), digest.readUInt32LE(4)] });
}

function contentOf(content: string | Uint8Array): Buffer {
  return typeof content === 'string'
    ? readFileSync(content)
    : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

function reply(message: DecodingReply): void {
  parentPort?.postMessage(message);
}

function closeWhenDone(): void {
  if (stopped && underWay === 0) parentPort?.close();
}

async function decodeInto({ slot, content, image: number }: DecodeRequest): Promise<DecodingOutcome> {
  let bytes: Buffer;
  try {
    bytes = contentOf(content);
  } catch (error) {
    return { kind: 'unreadable', reason: reasonNotDecoded(error) };
  }
  if (number !== undefined) tellHash(number, bytes);
  try {
    const { width, height, pixels } = await decodeImage(bytes, form.resize, form.isTurned);
    if (width !== form.width || height !== form.height) return { kind: 'other-size', size: { width, height } };
    if (form.channels === 1 && !isGrey(pixels)) {
      return { kind: 'corrupt', reason: 'it is in colour, and those that were looked at first are grey' };
    }
    const target = new Uint8Array(slots, slot * size, size);
    if (form.channels === 1) copyPlanes(pixels, 1, target);
    else target.set(pixels);
    return { kind: 'decoded' };
  } catch (error) {
    return { kind: 'corrupt', reason: reasonNotDecoded(error) };
  }
}
