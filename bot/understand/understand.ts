/** The understanding step: resolve what was chosen, look up candidates, ask the recogniser. */
import type { NameMatcher } from '../../knowledge/index/names.ts';
import type { SearchFilter } from '../../knowledge/index/types.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import type { Answerer } from '../answer/answer.ts';
import type { Retrieved } from '../answer/retrieve.ts';
import type { DialogueState } from '../dialogue-state.ts';
import type { Flow } from '../flows/schema.ts';
import { commandSchema } from './commands.ts';
import type { Recogniser, Understanding } from './recogniser.ts';

export interface UnderstandTools {
  readonly lexicon: Lexicon;
  readonly answerer: Answerer;
  readonly flowNames: NameMatcher;
  readonly recogniser: Recogniser;
}

export interface Understood extends Understanding {
  /** The message, or the words of the option it chose. */
  readonly text: string;
  readonly found: Retrieved;
}

const flowCandidates = 5;

/** Turns a citizen's words into commands. The recogniser's output is parsed again here: whoever wrote it, only the closed set passes. */
export async function understand(
  tools: UnderstandTools,
  input: { text: string; state: DialogueState; activeFlow: Flow | undefined; filter: SearchFilter; today: Date },
): Promise<Understood> {
  const { lexicon, answerer, flowNames, recogniser } = tools;
  const chosen = input.state.flow ? undefined : chosenOption(lexicon.plain(input.text), input.state, lexicon);
  const text = chosen?.value ?? input.text;
  const found = await answerer.find(text, input.filter);
  if (chosen?.itemId) {
    return { commands: [{ type: 'answer', query: text, itemId: chosen.itemId }], confidence: 1, recogniser: 'local', text, found };
  }
  const flows = flowNames.match(text, flowCandidates);
  const understanding = await recogniser.recognise({
    text,
    state: input.state,
    activeFlow: input.activeFlow,
    flows,
    found,
    today: input.today,
  });
  return { ...understanding, commands: commandSchema.array().parse(understanding.commands), text, found };
}

const numerals = '一二三四五六七八九';

/** The offered option a message picks by its number (2, 第二个, 选2) or by its words. */
function chosenOption(plain: string, state: DialogueState, lexicon: Lexicon): DialogueState['options'][number] | undefined {
  const bare = (text: string) => lexicon.plain(text).replace(/[\p{P}\s]+/gu, '');
  const wanted = bare(plain);
  const ordinal = /^(?:第|选|选择)?([1-9]|[一二三四五六七八九])(?:个|项|号)?$/u.exec(wanted)?.[1];
  if (ordinal) {
    const position = numerals.includes(ordinal) ? numerals.indexOf(ordinal) : Number(ordinal) - 1;
    if (state.options[position]) return state.options[position];
  }
  return state.options.find((option) => bare(option.title) === wanted || bare(option.value) === wanted);
}
