/** Leaving a flow and coming back to it: at once, tomorrow, after a cancel. */
import type { DialogueState } from '../dialogue-state.ts';

const hour = 3_600_000;

export interface ResumeWindow {
  /** A flow that was silent for longer is not open any more; it is offered again. */
  readonly afterHours: number;
  /** After this it is forgotten. */
  readonly keepDays: number;
}

/** The open flow put aside. `at`: epoch milliseconds. */
export function paused(state: DialogueState, at: number): DialogueState {
  return state.flow ? { ...state, flow: null, paused: { flow: state.flow, at } } : state;
}

/** The state a message meets: a flow that was silent too long is put aside, one that was put aside too long ago is gone. */
export function afterSilence(state: DialogueState, now: number, { afterHours, keepDays }: ResumeWindow): DialogueState {
  const silentSince = state.lastAt ?? now;
  const aside = state.flow && now - silentSince > afterHours * hour ? paused(state, silentSince) : state;
  return aside.paused && now - aside.paused.at > keepDays * 24 * hour ? { ...aside, paused: null } : aside;
}

/** The flow that was put aside, open again. */
export function reopened(state: DialogueState): DialogueState {
  return state.flow === null && state.paused ? { ...state, flow: state.paused.flow, paused: null } : state;
}
