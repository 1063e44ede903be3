import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Sink, startPump } from './pump.ts';
import { bot, MemoryCore, says } from './testing/memory-core.ts';

// Generous: the machine may be busy with other tests.
vi.setConfig({ testTimeout: 30_000, expect: { poll: { timeout: 10_000 } } });

type Sent = { activities: { text?: string; type: string }[]; watermark?: string };

class TestSink implements Sink {
  readonly sent: Sent[] = [];
  pending = 0;
  wasCut: string | undefined;
  async send(text: string): Promise<void> {
    this.sent.push(JSON.parse(text));
  }
  buffered = () => this.pending;
  cut(reason: string): void {
    this.wasCut = reason;
  }
  texts = () => this.sent.flatMap(({ activities }) => activities.map((activity) => activity.text));
}

function pumpOf(core: MemoryCore, after = 0, sink = new TestSink()) {
  const pump = startPump({
    log: core.log,
    conversationId: 'c',
    after,
    sink,
    maxBuffered: 1000,
    presentLogged: (activities) => [...activities],
    presentTransient: (activity) => activity,
  });
  return { pump, sink };
}
const typing = (text: string, role: 'bot' | 'user' = 'bot') => ({ type: 'typing' as const, from: { ...bot, role }, text });

describe('pump', () => {
  it('sends each activity exactly once and in order, however appends, reads and cuts interleave', async () => {
    const step = fc.constantFrom('append', 'whole', 'silent', 'wait', 'cut', 'check');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const core = new MemoryCore();
        let { pump, sink } = pumpOf(core);
        const heard: (string | undefined)[] = [];
        let count = 0;
        let unannounced = false;
        const reconnect = () => {
          pump.stop();
          heard.push(...sink.texts());
          ({ pump, sink } = pumpOf(core, heard.length));
        };
        for (const action of steps) {
          if (action === 'append') core.append('c', says(String(++count)));
          if (action === 'whole') core.append('c', says(String(++count)), 'whole');
          if (action === 'append' || action === 'whole' || action === 'silent') unannounced = action === 'silent';
          // As when another process wrote it: nobody tells us.
          if (action === 'silent') core.append('c', says(String(++count)), false);
          if (action === 'wait') await sleep(0);
          if (action === 'cut') reconnect();
          if (action === 'check') pump.check();
        }
        // Only what nobody announced may need the check: everything else must come by itself.
        if (unannounced) pump.check();
        for (let i = 0; i < 200 && heard.length + sink.texts().length < count; i++) await sleep(0);
        reconnect();
        pump.stop();
        expect(heard).toEqual(Array.from({ length: count }, (_, index) => String(index + 1)));
      }),
      { numRuns: 60 },
    );
  });

  it('what an event brings in full is not read again; what it does not follow on is', async () => {
    const core = new MemoryCore();
    const { pump, sink } = pumpOf(core);
    await vi.waitFor(() => expect(core.reads).toBe(1));
    core.append('c', says('1'), 'whole');
    await vi.waitFor(() => expect(sink.texts()).toEqual(['1']));
    expect(core.reads).toBe(1);
    core.append('c', says('2'), false);
    core.append('c', says('3'), 'whole');
    await vi.waitFor(() => expect(sink.texts()).toEqual(['1', '2', '3']));
    expect(core.reads).toBe(2);
    pump.stop();
  });

  it('a long history comes in portions, each with the watermark of its last activity', async () => {
    const core = new MemoryCore();
    for (let i = 1; i <= 120; i++) core.append('c', says(String(i)));
    const { pump, sink } = pumpOf(core, 5);
    await expect.poll(() => sink.texts().length).toBe(115);
    expect(sink.sent.map((set) => set.watermark)).toEqual(['55', '105', '120']);
    pump.stop();
  });

  it('live activities keep their place between logged ones; the citizen does not hear their own typing', async () => {
    const core = new MemoryCore();
    const { pump, sink } = pumpOf(core);
    await sleep(20);
    core.live('c', typing('1a'));
    core.append('c', says('1'));
    core.live('c', typing('2a'));
    core.live('c', typing('我在打字', 'user'));
    core.append('c', says('2'));
    await expect.poll(() => sink.texts()).toEqual(['1a', '1', '2a', '2']);
    expect(sink.sent.map((set) => set.watermark)).toEqual([undefined, '1', undefined, '2']);
    pump.stop();
  });

  it('cuts a socket that does not take what it is sent, and hears no more', async () => {
    const core = new MemoryCore();
    const { sink } = pumpOf(core);
    await sleep(5);
    sink.pending = 1001;
    core.append('c', says('1'));
    expect(sink.wasCut).toBe('slow');
    expect(core.followers('c')).toBe(0);
  });

  it('cuts the socket when the log cannot be read', async () => {
    const core = new MemoryCore();
    core.log.read = () => Promise.reject(new Error('database is away'));
    const { sink } = pumpOf(core);
    await expect.poll(() => sink.wasCut).toBe('error');
    expect(core.followers('c')).toBe(0);
  });
});
