// Runs in the audio thread: hands the microphone's samples on in pieces of a few milliseconds. A file of its own,
// because the content policy lets no script be made at run time.
const PIECE = 1024;

class Recorder extends AudioWorkletProcessor {
  piece = new Float32Array(PIECE);
  filled = 0;

  process([input]) {
    const channel = input?.[0];
    if (!channel) return true;
    for (const sample of channel) {
      this.piece[this.filled++] = sample;
      if (this.filled < PIECE) continue;
      this.port.postMessage(this.piece, [this.piece.buffer]);
      this.piece = new Float32Array(PIECE);
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor('recorder', Recorder);
