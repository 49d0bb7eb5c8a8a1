/**
 * Records with the microphone. Browsers record in different forms; all of them become WAV here, mono and 16 kHz, which every
 * server reads and every telephone is able to play.
 */
const RATE_HZ = 16_000;

export interface SoundRecorder {
  /** From 0 to 1: how loud it is at this moment. */
  level(): number;
  /** Null: there was nothing to record. */
  stop(): Promise<Recorded | null>;
  /** Forgets what was recorded, and lets the microphone go. */
  discard(): void;
}

export interface Recorded {
  readonly wav: Blob;
  readonly seconds: number;
}

export type NoMicrophone = "none" | "denied" | "insecure";

export async function beginRecording(): Promise<SoundRecorder | NoMicrophone> {
  // Browsers have no microphone for pages that others could have changed on their way.
  if (navigator.mediaDevices === undefined) return "insecure";
  let microphone: MediaStream;
  try {
    microphone = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: true, autoGainControl: true },
    });
  } catch (error) {
    return error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "none";
  }
  return recorderOf(microphone);
}

function recorderOf(microphone: MediaStream): SoundRecorder {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(microphone).connect(analyser);
  const recorder = new MediaRecorder(microphone);
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.start(250);
  const end = () => {
    for (const track of microphone.getTracks()) track.stop();
    void context.close();
  };
  return {
    level: () => levelOf(analyser),
    stop: async () => {
      await stopped(recorder);
      end();
      return wavOf(new Blob(parts));
    },
    discard: () => {
      if (recorder.state !== "inactive") recorder.stop();
      end();
    },
  };
}

function stopped(recorder: MediaRecorder): Promise<void> {
  if (recorder.state === "inactive") return Promise.resolve();
  return new Promise((resolve) => {
    recorder.addEventListener("stop", () => resolve(), { once: true });
    recorder.stop();
  });
}

function levelOf(analyser: AnalyserNode): number {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  return Math.min(1, loudness * 4);
}

async function wavOf(recorded: Blob): Promise<Recorded | null> {
  const bytes = await recorded.arrayBuffer();
  if (bytes.byteLength === 0) return null;
  const decoding = new OfflineAudioContext(1, 1, RATE_HZ);
  const sound = await decoding.decodeAudioData(bytes);
  const frames = Math.ceil(sound.duration * RATE_HZ);
  if (frames === 0) return null;
  const mixing = new OfflineAudioContext(1, frames, RATE_HZ);
  const source = mixing.createBufferSource();
  source.buffer = sound;
  source.connect(mixing.destination);
  source.start();
  const mono = await mixing.startRendering();
  return { wav: wavFile(mono.getChannelData(0)), seconds: mono.duration };
}

/** 16-bit PCM ("Multimedia Programming Interface and Data Specifications 1.0", 1991, WAVE). */
function wavFile(samples: Float32Array): Blob {
  const HEAD = 44;
  const view = new DataView(new ArrayBuffer(HEAD + samples.length * 2));
  const word = (at: number, text: string) => {
    for (let sign = 0; sign < text.length; sign++) view.setUint8(at + sign, text.charCodeAt(sign));
  };
  word(0, "RIFF");
  view.setUint32(4, HEAD - 8 + samples.length * 2, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE_HZ, true);
  view.setUint32(28, RATE_HZ * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, samples.length * 2, true);
  for (const [at, sample] of samples.entries())
    view.setInt16(HEAD + at * 2, Math.max(-1, Math.min(1, sample)) * 0x7fff, true);
  return new Blob([view], { type: "audio/wav" });
}
