// Decodes MPEG audio (MP3, and layers I and II) with mpg123 in WebAssembly; one decoder is kept between clips.
import { MPEGDecoder } from 'mpg123-decoder';
import { checkDecodedSize, type DecodedAudio, SampleSink } from './decoded.ts';
import { DecoderSlot, quietly } from './decoderSlot.ts';
import { walkMpegFrames } from './mpegFrames.ts';
import { PristineMemory } from './pristineMemory.ts';
import { count, damagedAudio, emptyAudio } from './problems.ts';

/** Bytes handed to the decoder at once, so that a long file is not held twice. */
const CHUNK = 65_536;

/**
 * Decodes MPEG audio. Gapless: where a LAME or Lavc tag names the encoder's delay and padding, mpg123 drops both and
 * the length is the original one; without the tag the delay stays in. Mono files give one channel.
 *
 * A file counts as damaged when its last frame is shorter than its header says, when bytes that belong to no frame lie
 * between frames, when it holds fewer frames than its Xing, Info or VBRI tag promises (one less is let pass: some
 * encoders count the tag's own frame), or when mpg123 reports an error. A cut exactly between two frames of a file
 * without a tag leaves no trace.
 * @throws EarmarkError `audio/damaged`, `audio/empty`, `audio/unsupported`.
 */
export async function decodeMp3(bytes: Uint8Array, name: string): Promise<DecodedAudio> {
  const stream = walkMpegFrames(bytes);
  if (stream === null) throw damagedAudio(name, 'it has tags but no MPEG frame');
  const { promisedFrames, frames, cutFrame, strayBytes, channels } = stream;
  if (promisedFrames !== null && frames < promisedFrames - 1) {
    throw damagedAudio(
      name,
      `it was cut: its header promises ${count(promisedFrames)} MPEG frames, the file holds ${count(frames)}`,
      { expectedFrames: promisedFrames, availableFrames: frames },
    );
  }
  if (cutFrame !== null && (promisedFrames === null || frames < promisedFrames)) {
    throw damagedAudio(
      name,
      `it was cut: its last MPEG frame, at byte ${count(cutFrame.at)}, needs ${count(cutFrame.needBytes)} bytes and has ${count(cutFrame.haveBytes)}`,
      { byte: cutFrame.at, expectedBytes: cutFrame.needBytes, availableBytes: cutFrame.haveBytes },
    );
  }
  if (strayBytes !== null) {
    throw damagedAudio(
      name,
      `at byte ${count(strayBytes.at)} an MPEG frame should begin, and ${count(strayBytes.bytes)} bytes of something else follow`,
      { byte: strayBytes.at },
    );
  }
  const expected = frames * stream.samplesPerFrame;
  checkDecodedSize(name, expected, channels);
  const channelData = await slot.run(name, (decoder) => {
    decoder.restart();
    const sink = new SampleSink(channels, expected);
    for (let at = stream.start; at < stream.end; at += CHUNK) {
      const piece = quietly(() => decoder.decode(bytes.subarray(at, Math.min(stream.end, at + CHUNK))));
      if (piece.errors.length > 0) {
        throw damagedAudio(
          name,
          `mpg123 refused a frame near byte ${count(at)} (${piece.errors[0]!.message})`,
        );
      }
      sink.push(piece.channelData);
    }
    return sink.finish();
  });
  const decoded = channelData[0]!.length;
  if (decoded === 0) throw emptyAudio(name, 'has MPEG headers but no samples');
  return {
    container: 'mp3',
    encoding: stream.layer === 3 ? 'mp3' : `mp${stream.layer}`,
    sampleRate: stream.sampleRate,
    channels,
    frames: decoded,
    channelData,
  };
}

interface MpegStreamDecoder {
  /** Forgets the previous stream. */
  restart(): void;
  decode(bytes: Uint8Array): ReturnType<MPEGDecoder['decode']>;
  free(): void;
}

const slot = new DecoderSlot<MpegStreamDecoder>(async () => {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const memory = new PristineMemory(decoder);
  return {
    restart: () => memory.restore(),
    decode: (bytes) => decoder.decode(bytes),
    free: () => decoder.free(),
  };
});
