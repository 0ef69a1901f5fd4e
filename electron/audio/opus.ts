// Decodes Ogg Opus (RFC 7845) with libopus in WebAssembly, packet by packet, with one decoder per channel layout kept
// between clips.
import { OpusDecoder } from 'opus-decoder';
import { checkDecodedSize, type DecodedAudio, SampleSink } from './decoded.ts';
import { DecoderSlot, quietly } from './decoderSlot.ts';
import { readOggStream } from './ogg.ts';
import { PristineMemory } from './pristineMemory.ts';
import { count, damagedAudio, emptyAudio, unreadableAudio } from './problems.ts';

const RATE = 48_000;
/** Packets handed to the decoder at once: one second of the usual 20 ms, so that a long file is not held twice. */
const BATCH = 50;
const MAX_LAYOUTS = 4;

interface OpusHead {
  readonly channels: number;
  readonly preSkip: number;
  /** Gain the file asks for, as a factor. */
  readonly gain: number;
  readonly streams: number;
  readonly coupled: number;
  readonly mapping: readonly number[];
}

/**
 * Decodes Ogg Opus at 48 kHz, the rate all Opus plays at whatever it was recorded with. The encoder's delay (pre-skip)
 * is dropped and the end cut at the last page's granule position, so the length is the original one; the header's
 * output gain is applied. Streams that do not begin at 0 (cut from a broadcast) are taken as beginning at their first
 * sample.
 * @throws EarmarkError `audio/damaged`, `audio/unreadable`, `audio/unsupported`, `audio/empty`.
 */
export async function decodeOpus(bytes: Uint8Array, name: string): Promise<DecodedAudio> {
  const stream = readOggStream(bytes, 2, name);
  const head = readOpusHead(stream.packets[0]!, name);
  const packets = stream.packets.slice(2);
  let total = 0;
  let beforeFirstPageEnd = 0;
  for (let i = 0; i < packets.length; i++) {
    const samples = packetSamples(packets[i]!);
    if (samples < 0) throw damagedAudio(name, `Opus packet ${count(i)} is not valid`, { packet: i });
    total += samples;
    if (i + 3 === stream.firstSoundPage.packetsEnded) beforeFirstPageEnd = total;
  }
  const { granule, isLast } = stream.firstSoundPage;
  const streamStart = isLast ? 0 : Math.max(0, granule - beforeFirstPageEnd);
  const frames = Math.min(total, stream.lastGranule - streamStart) - head.preSkip;
  if (frames <= 0) throw emptyAudio(name, 'has Opus headers but no samples');
  checkDecodedSize(name, total, head.channels);

  const channelData = await slotFor(head).run(name, (decoder) => {
    decoder.restart();
    const sink = new SampleSink(head.channels, total - head.preSkip, head.preSkip);
    for (let at = 0; at < packets.length; at += BATCH) {
      const piece = quietly(() => decoder.decode(packets.slice(at, at + BATCH)));
      if (piece.errors.length > 0) {
        throw damagedAudio(
          name,
          `libopus refused a packet near packet ${count(at)} (${piece.errors[0]!.message})`,
        );
      }
      sink.push(piece.channelData);
    }
    return sink.finish(frames);
  });
  if (head.gain !== 1) {
    for (const data of channelData) for (let i = 0; i < data.length; i++) data[i]! *= head.gain;
  }
  return {
    container: 'opus',
    encoding: 'opus',
    sampleRate: RATE,
    channels: head.channels,
    frames: channelData[0]!.length,
    channelData,
  };
}

function readOpusHead(packet: Uint8Array, name: string): OpusHead {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  if (packet.length < 19)
    throw unreadableAudio(name, `its Opus header has ${packet.length} bytes instead of 19`);
  if (packet[8]! >= 16) throw unreadableAudio(name, `its Opus header is of the unknown version ${packet[8]}`);
  const channels = packet[9]!;
  const family = packet[18]!;
  if (channels < 1) throw unreadableAudio(name, 'its Opus header names 0 channels');
  const common = {
    channels,
    preSkip: view.getUint16(10, true),
    gain: 10 ** (view.getInt16(16, true) / 5120),
  };
  if (family === 0) {
    if (channels > 2)
      throw unreadableAudio(name, `its Opus header names ${channels} channels without a layout`);
    return { ...common, streams: 1, coupled: channels - 1, mapping: channels === 2 ? [0, 1] : [0] };
  }
  if (packet.length < 21 + channels)
    throw unreadableAudio(name, 'its Opus header ends inside the channel layout');
  const streams = packet[19]!;
  const coupled = packet[20]!;
  const mapping = [...packet.subarray(21, 21 + channels)];
  const isValid =
    streams >= 1 &&
    coupled <= streams &&
    mapping.every((index) => index === 255 || index < streams + coupled);
  if (!isValid) throw unreadableAudio(name, 'its Opus header has an impossible channel layout');
  return { ...common, streams, coupled, mapping };
}

/** Samples at 48 kHz in an Opus packet by its first bytes (RFC 6716, 3.1), -1 for one that cannot be. */
function packetSamples(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) return -1;
  const config = toc >> 3;
  const frameSamples =
    config < 12
      ? [480, 960, 1920, 2880][config & 3]!
      : config < 16
        ? [480, 960][config & 1]!
        : [120, 240, 480, 960][config & 3]!;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  const samples = frames * frameSamples;
  return frames === 0 || samples > 5760 ? -1 : samples;
}

interface OpusLayoutDecoder {
  /** Forgets the previous stream. */
  restart(): void;
  decode(packets: Uint8Array[]): ReturnType<OpusDecoder['decodeFrames']>;
  free(): void;
}

async function createDecoder(head: OpusHead): Promise<OpusLayoutDecoder> {
  const { channels, streams, coupled } = head;
  const decoder = new OpusDecoder({
    channels,
    streamCount: streams,
    coupledStreamCount: coupled,
    channelMappingTable: [...head.mapping],
    preSkip: 0,
  });
  await decoder.ready;
  const memory = new PristineMemory(decoder);
  return {
    restart: () => memory.restore(),
    decode: (packets) => decoder.decodeFrames(packets),
    free: () => decoder.free(),
  };
}

const slots = new Map<string, DecoderSlot<OpusLayoutDecoder>>();

function slotFor(head: OpusHead): DecoderSlot<OpusLayoutDecoder> {
  const key = `${head.channels}:${head.streams}:${head.coupled}:${head.mapping.join(',')}`;
  let slot = slots.get(key);
  if (slot === undefined) {
    if (slots.size >= MAX_LAYOUTS) slots.clear(); // each instance holds 30 MB; layouts other than mono and stereo are rare
    slot = new DecoderSlot(() => createDecoder(head));
    slots.set(key, slot);
  }
  return slot;
}
