// Writes 16-bit PCM WAV: what players get for every file a browser may not play as it is.

/**
 * A whole WAV file of the samples: 44 bytes of header and interleaved int16, `round(x * 32768)` clamped, so that
 * samples that came from int16 come back exactly.
 * @param channels One array per channel, all of one length, -1..1; values beyond are clamped.
 */
export function encodeWav16(channels: readonly Float32Array[], sampleRate: number): Uint8Array<ArrayBuffer> {
  const frames = channels[0]?.length ?? 0;
  const dataBytes = frames * channels.length * 2;
  const bytes = new Uint8Array(44 + dataBytes);
  const view = new DataView(bytes.buffer);
  // Above 4 GiB the sizes do not fit; the largest value means "to the end of the file" to readers of streams.
  const size = (value: number) => Math.min(value, 0xffff_ffff);
  view.setUint32(0, 0x52494646); // RIFF
  view.setUint32(4, size(36 + dataBytes), true);
  view.setUint32(8, 0x57415645); // WAVE
  view.setUint32(12, 0x666d7420); // fmt
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels.length * 2, true);
  view.setUint16(32, channels.length * 2, true);
  view.setUint16(34, 16, true);
  view.setUint32(36, 0x64617461); // data
  view.setUint32(40, size(dataBytes), true);
  const out = new Int16Array(bytes.buffer, 44);
  for (let channel = 0; channel < channels.length; channel++) {
    const data = channels[channel]!;
    for (let i = 0, at = channel; i < frames; i++, at += channels.length) {
      out[at] = Math.max(-32_768, Math.min(32_767, Math.round(data[i]! * 32_768)));
    }
  }
  return bytes;
}
