/** 好差评: five levels, reasons for the lower ones, a comment; given once, freely. */
import { useState } from 'preact/hooks';
import type { RatingState } from '../state/entries.ts';
import { useChat } from './context.ts';
import { CheckIcon, FaceIcon } from './icons.tsx';

const LEVELS = [5, 4, 3, 2, 1] as const;
/** Levels up to this one ask for reasons. */
const REASONS_UP_TO = 3;
const COMMENT_LIMIT = 500;

export function RatingCard({ id, reasonTags, state }: { id: string; reasonTags: readonly string[]; state: RatingState }) {
  const { t, actions } = useChat();
  const [score, setScore] = useState<number>();
  const [tags, setTags] = useState<readonly string[]>([]);
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState(false);
  if (state !== 'open') {
    return (
      <div class="card rating" data-testid="rating" data-submitted="true">
        <p class={state === 'rated' ? 'done' : 'hint'} role="status">
          {state === 'rated' && <CheckIcon size={18} />}
          {state === 'rated' ? t.rateThanks : t.rateDeclined}
        </p>
      </div>
    );
  }
  const askReasons = score !== undefined && score <= REASONS_UP_TO && reasonTags.length > 0;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (score === undefined) {
      setMissing(true);
      return;
    }
    const words = comment.trim();
    actions.event('rating.submit', { score, tags: askReasons ? tags : [], ...(words ? { comment: words } : {}) });
  };
  const name = `rating-${id}`;
  return (
    <form class="card rating" data-testid="rating" data-submitted="false" onSubmit={submit}>
      <fieldset class="bare">
        <legend class="title">{t.rateTitle}</legend>
        <div class="levels">
          {LEVELS.map((level) => (
            <label class={score === level ? 'level chosen' : 'level'}>
              <input
                type="radio"
                name={name}
                value={level}
                checked={score === level}
                aria-describedby={missing ? `${name}-missing` : undefined}
                onChange={() => {
                  setScore(level);
                  setMissing(false);
                }}
              />
              <FaceIcon level={level} />
              <span>{t.rateLevels[level - 1]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {missing && (
        <p id={`${name}-missing`} class="error" role="alert">
          {t.rateChoose}
        </p>
      )}
      {askReasons && (
        <fieldset class="bare">
          <legend class="label">{t.rateReasons}</legend>
          <div class="tags">
            {reasonTags.map((tag) => (
              <label class={tags.includes(tag) ? 'tag chosen' : 'tag'}>
                <input
                  type="checkbox"
                  checked={tags.includes(tag)}
                  onChange={() => setTags(tags.includes(tag) ? tags.filter((one) => one !== tag) : [...tags, tag])}
                />
                <span>{tag}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {score !== undefined && (
        <div class="form-field">
          <label class="label" for={`${name}-comment`}>
            {t.rateComment}
          </label>
          <textarea
            id={`${name}-comment`}
            class="input"
            rows={2}
            maxLength={COMMENT_LIMIT}
            value={comment}
            aria-describedby={`${name}-hint`}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          <p id={`${name}-hint`} class="hint">
            {t.rateCommentHint}
          </p>
        </div>
      )}
      <button type="submit" class="button primary">
        {t.rateSubmit}
      </button>
      <button type="button" class="button quiet" onClick={() => actions.event('rating.submit', { declined: true })}>
        {t.rateDecline}
      </button>
      <p class="hint">{t.rateVoluntary}</p>
    </form>
  );
}
