/** A short soft tone, made on the spot; browsers allow it only after the person has pressed something. */

let context: AudioContext | undefined;

export function chime(): void {
  try {
    context ??= new AudioContext();
    const { currentTime } = context;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.setValueAtTime(660, currentTime);
    tone.frequency.setValueAtTime(880, currentTime + 0.12);
    volume.gain.setValueAtTime(0.08, currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, currentTime + 0.35);
    tone.connect(volume).connect(context.destination);
    tone.start();
    tone.stop(currentTime + 0.36);
  } catch {
    // no audio device: the badge in the title still tells
  }
}
