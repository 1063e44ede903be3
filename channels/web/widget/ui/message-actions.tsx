/** Copy an answer (with its sources and the AI label, which must stay on it), and tell us that it is wrong. */
import { useState } from 'preact/hooks';
import type { Activity } from '../../../../bot/activity.ts';
import type { Source } from '../state/citations.ts';
import { answerAsText } from '../state/copy.ts';
import { useChat } from './context.ts';
import { CheckIcon, CopyIcon, FlagIcon } from './icons.tsx';

export interface MessageActionsProps {
  readonly activity: Activity;
  readonly sources: readonly Source[];
  readonly ai: boolean;
  readonly reported: boolean;
}

export function MessageActions({ activity, sources, ai, reported }: MessageActionsProps) {
  const { t, elder, actions } = useChat();
  const [copied, setCopied] = useState(false);
  if (elder) return null;
  const copy = async (): Promise<void> => {
    setCopied(await toClipboard(answerAsText(activity.text ?? '', sources, ai, t)));
    setTimeout(() => setCopied(false), 2_500);
  };
  return (
    <span class="actions">
      <button type="button" class="text-button" data-testid="copy" onClick={copy}>
        {copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
        {copied ? t.copied : t.copy}
      </button>
      {reported ? (
        <span class="reported" role="status">
          {t.reported}
        </span>
      ) : (
        <button
          type="button"
          class="text-button"
          data-testid="report"
          onClick={() => actions.event('feedback.report', { activityId: activity.id })}
        >
          <FlagIcon size={14} />
          {t.report}
        </button>
      )}
    </span>
  );
}

async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** For pages without a clipboard API (http, older browsers). */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
