// Decodes Ogg Vorbis with libvorbis in WebAssembly; the decoder is kept between clips.
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { checkDecodedSize, type DecodedAudio, SampleSink } from './decoded.ts';
import { DecoderSlot, quietly } from './decoderSlot.ts';
import { readOggStream } from './ogg.ts';
import { damagedAudio, emptyAudio, unreadableAudio } from './problems.ts';

/** Bytes handed to the decoder at once, so that a long file is not held twice. */
const CHUNK = 65_536;

/**
 * Decodes Ogg Vorbis at the file's own rate; the end is cut at the last page's granule position, so the length is the
 * original one.
 * @throws EarmarkError `audio/damaged`, `audio/unreadable`, `audio/unsupported`, `audio/empty`.
 */
export async function decodeVorbis(bytes: Uint8Array, name: string): Promise<DecodedAudio> {
  const stream = readOggStream(bytes, 3, name);
  const head = stream.packets[0]!;
  if (head.length < 30)
    throw unreadableAudio(name, `its Vorbis header has ${head.length} bytes instead of 30`);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const channels = head[11]!;
  const sampleRate = view.getUint32(12, true);
  if (channels < 1) throw unreadableAudio(name, 'its Vorbis header names 0 channels');
  if (sampleRate < 1 || sampleRate > 768_000) {
    throw unreadableAudio(name, `its Vorbis header names a sample rate of ${sampleRate} Hz`);
  }
  // A packet gives at most half a long block; the granule position is only a header's word.
  const atMost = (stream.packets.length - 3) * (1 << (head[28]! >> 4));
  const expected = Math.min(stream.lastGranule, atMost);
  if (expected <= 0) throw emptyAudio(name, 'has Vorbis headers but no samples');
  checkDecodedSize(name, expected, channels);

  const channelData = await slot.run(name, async (decoder) => {
    const sink = new SampleSink(channels, expected);
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const piece = await quietly(() => decoder.decode(bytes.subarray(at, at + CHUNK)));
      if (piece.errors.length > 0) throw new Error(piece.errors[0]!.message);
      if (piece.samplesDecoded > 0) sink.push(piece.channelData);
    }
    const rest = await quietly(() => decoder.flush()); // also makes it ready for the next stream
    if (rest.samplesDecoded > 0) sink.push(rest.channelData);
    return sink.finish(stream.lastGranule);
  });
  const frames = channelData[0]!.length;
  if (frames === 0) throw damagedAudio(name, 'no packet of it could be decoded');
  return { container: 'vorbis', encoding: 'vorbis', sampleRate, channels, frames, channelData };
}

const slot = new DecoderSlot(async () => {
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  return decoder;
});
