/** The recogniser with a language model: asked only where the local one is unsure; what it proposes is checked before it counts. */
import { titleOf } from '../../knowledge/item.ts';
import { type CommandsInputs, type CommandsOutput, commands as commandsPrompt } from '../../prompts/commands.ts';
import { isSure } from '../answer/answer.ts';
import type { Flow, Slot } from '../flows/schema.ts';
import type { LanguageModel } from '../llm/model.ts';
import { admitted } from './model-check.ts';
import type { AnswerInput, Recogniser, RecogniserInput, Understanding } from './recogniser.ts';

export interface ModelRecogniserOptions {
  readonly model: LanguageModel;
  readonly local: Recogniser;
  /** Those in force now. */
  readonly flows: () => readonly Flow[];
}

/** Nobody waits longer for being understood; the local reading is there already. */
const timeoutMs = 6000;
const answerTokens = 300;
const mostItems = 6;
const mostTurns = 6;
const longestTurn = 300;
/** Below this a reading of the local recogniser is a guess. */
const guess = 0.8;
/** Several wishes in one message are beyond the rules. */
const several = /[?？!！。；;\n].*[\p{L}\p{N}]{2}.*[?？]|对了|顺便|另外|还有个|还想(?:问|知道)|by the way|also,/su;

export class ModelRecogniser implements Recogniser {
  readonly #options: ModelRecogniserOptions;

  constructor(options: ModelRecogniserOptions) {
    this.#options = options;
  }

  standsAlone(text: string): boolean {
    return this.#options.local.standsAlone?.(text) ?? false;
  }

  /** Nothing a model could do better. */
  answersOpen(input: AnswerInput): Understanding | undefined {
    return this.#options.local.answersOpen?.(input);
  }

  /** Never rejects because of the model: any trouble of it leaves the local reading. */
  async recognise(input: RecogniserInput): Promise<Understanding> {
    const local = await this.#options.local.recognise(input);
    // One call a turn: the rewriter may have had it.
    if (input.modelAsked || !isUnsure(local, input)) return local;
    const result = await this.#options.model.complete<CommandsOutput>({
      prompt: `${commandsPrompt.id}@${commandsPrompt.version}`,
      name: 'commands',
      schema: commandsPrompt.outputSchema,
      system: commandsPrompt.system,
      user: commandsPrompt.user(this.#inputsOf(input)),
      maxTokens: answerTokens,
      timeoutMs,
    });
    if (!result.ok) return local;
    const commands = admitted(result.value, input, this.#options.flows());
    return commands.length > 0 ? { commands, confidence: guess, recogniser: 'llm' } : local;
  }

  #inputsOf({ said, found, flows, activeFlow, state, turns }: RecogniserInput): CommandsInputs {
    const known = new Map(this.#options.flows().map((flow) => [flow.id, flow]));
    return {
      message: said.replace(/[⟨⟩]/g, '').slice(0, 2000) || '-',
      conversation: turns.slice(-mostTurns).map(({ from, text }) => ({ from, text: text.slice(0, longestTurn) })),
      flows: flows.flatMap(({ id }) => {
        const flow = known.get(id);
        return flow ? [{ id, name: flow.name, description: flow.description }] : [];
      }),
      items: found.candidates.slice(0, mostItems).map(({ item }) => ({ id: item.id, title: titleOf(item) })),
      ...(activeFlow && state.flow
        ? {
            active: {
              flow: activeFlow.name,
              asking: state.flow.asking ?? '',
              slots: Object.entries(activeFlow.slots).map(([id, slot]) => ({ id, label: slot.label, options: optionsOf(slot) })),
            },
          }
        : {}),
    };
  }
}

function optionsOf(slot: Slot): string[] {
  return slot.type === 'choice' ? slot.options.map((option) => option.label) : [];
}

/** Whether a model could do better: nothing fits, or it fits so-so, or there is more than one wish in the message. */
function isUnsure(local: Understanding, { said, found }: RecogniserInput): boolean {
  if (!/\p{L}{2}/u.test(said)) return false;
  const [command] = local.commands;
  switch (command?.type) {
    case 'answer':
      return several.test(said) || (command.itemId === undefined && !isSure(found));
    case 'hand_over':
    case 'repeat':
    case 'cancel_flow':
    case 'skip':
    case 'rate':
      return false;
    default:
      return local.confidence < guess || command?.type === 'cannot_handle';
  }
}
