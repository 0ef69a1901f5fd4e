// Decodes FLAC with libFLAC in WebAssembly over frames whose checksums are right, then checks the result against the
// MD5 of the original samples that the file carries.
import { createHash } from 'node:crypto';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { checkDecodedSize, type DecodedAudio, SampleSink } from './decoded.ts';
import { DecoderSlot, quietly } from './decoderSlot.ts';
import { readFlacStream } from './flacFrames.ts';
import { count, damagedAudio, emptyAudio } from './problems.ts';

/** Frames handed to the decoder at once, so that a long file is not held twice. */
const BATCH = 64;
const BLOCK = 16_384;

/**
 * Decodes FLAC: int / 2^(bits - 1), exact up to 24 bits. The frames' checksums, the number of samples STREAMINFO
 * promises and (for 8, 16 and 24 bits) the MD5 of the samples are checked; what
 * one clip leaves in the decoder never reaches the next.
 * @throws EarmarkError `audio/damaged`, `audio/unreadable`, `audio/unsupported`, `audio/empty`.
 */
export async function decodeFlac(bytes: Uint8Array, name: string): Promise<DecodedAudio> {
  const stream = readFlacStream(bytes, name);
  const { channels, sampleRate, bitsPerSample, totalFrames, frameSamples } = stream;
  if (totalFrames !== null && totalFrames !== frameSamples) {
    throw damagedAudio(
      name,
      `its header promises ${count(totalFrames)} samples per channel, its frames hold ${count(frameSamples)}`,
      { expectedFrames: totalFrames, availableFrames: frameSamples },
    );
  }
  if (frameSamples === 0) throw emptyAudio(name, 'has a FLAC header but no samples');
  checkDecodedSize(name, frameSamples, channels);
  const decode = async (decoder: FLACDecoder): Promise<Float32Array[]> => {
    const sink = new SampleSink(channels, frameSamples);
    for (let at = 0; at < stream.frames.length; at += BATCH) {
      const piece = await quietly(() => decoder.decodeFrames(stream.frames.slice(at, at + BATCH)));
      if (piece.errors.length > 0) {
        throw damagedAudio(
          name,
          `libFLAC refused a frame near frame ${count(at)} (${piece.errors[0]!.message})`,
        );
      }
      if (piece.channelData.length !== channels) {
        throw damagedAudio(
          name,
          `frame ${count(at)} has ${piece.channelData.length} channels, its header ${channels}`,
        );
      }
      sink.push(piece.channelData);
    }
    return sink.finish();
  };
  // libFLAC takes a clip with another block size for one stream with the clip before, and misses frames: these have
  // right checksums, so a refusal counts only from a fresh decoder, which a failed run leaves behind.
  const channelData = await slot.run(name, decode).catch(() => slot.run(name, decode));
  const frames = channelData[0]!.length;
  if (frames !== frameSamples) {
    throw damagedAudio(
      name,
      `${count(frames)} of ${count(frameSamples)} samples per channel could be decoded`,
    );
  }
  const isChecked = bitsPerSample === 8 || bitsPerSample === 16 || bitsPerSample === 24;
  const digest = rescale(channelData, bitsPerSample, isChecked && stream.md5 !== null);
  if (digest !== null && stream.md5 !== null && !digest.equals(stream.md5)) {
    throw damagedAudio(name, 'its samples do not match the MD5 checksum in its header');
  }
  return { container: 'flac', encoding: `flac_s${bitsPerSample}`, sampleRate, channels, frames, channelData };
}

/**
 * Brings the decoder's `int / (2^(bits - 1) - 1)` back to integers and to `int / 2^(bits - 1)`, in place. Up to 24
 * bits the rounding is exact: a float32 is off by less than half a step. Gives the MD5 over the interleaved
 * little-endian integers where asked for.
 */
function rescale(channelData: readonly Float32Array[], bits: number, withMd5: boolean): Buffer | null {
  const scale = 2 ** (bits - 1);
  const sampleBytes = Math.ceil(bits / 8);
  const channels = channelData.length;
  const frames = channelData[0]!.length;
  const hash = withMd5 ? createHash('md5') : null;
  const block = new Uint8Array(withMd5 ? Math.min(BLOCK, frames) * channels * sampleBytes : 0);
  for (let from = 0; from < frames; from += BLOCK) {
    const to = Math.min(frames, from + BLOCK);
    for (let channel = 0; channel < channels; channel++) {
      const data = channelData[channel]!;
      let at = channel * sampleBytes;
      for (let i = from; i < to; i++, at += channels * sampleBytes) {
        const value = Math.round(data[i]! * (scale - 1));
        data[i] = value / scale;
        if (!withMd5) continue;
        block[at] = value;
        if (sampleBytes > 1) block[at + 1] = value >> 8;
        if (sampleBytes > 2) block[at + 2] = value >> 16;
      }
    }
    hash?.update(block.subarray(0, (to - from) * channels * sampleBytes));
  }
  return hash?.digest() ?? null;
}

const slot = new DecoderSlot(async () => {
  const decoder = new FLACDecoder();
  await decoder.ready;
  return decoder;
});
