/** Who is speaking, that it is a machine, and the ways out: 长辈版, language, new chat, a person, minimise. */
import { useState } from 'preact/hooks';
import type { Handoff } from '../state/handoff.ts';
import { useChat } from './context.ts';
import { MarkIcon, MinimiseIcon, PersonIcon, RestartIcon } from './icons.tsx';

export function Header({ name, handoff }: { name: string; handoff: Handoff | undefined }) {
  const { t, locale, elder, kiosk, actions } = useChat();
  const [asking, setAsking] = useState(false);
  const personLabel = handoff?.state === 'accepted' ? t.withPerson : handoff ? t.queueing : t.toPerson;
  return (
    <div class="header">
      <div class="who">
        <span class="mark">
          <MarkIcon />
        </span>
        <div class="names">
          <h2 class="name">{name}</h2>
          <p class="notice">{t.notAPerson}</p>
        </div>
        {!kiosk && (
          <button type="button" class="icon-button" data-testid="minimise" aria-label={t.minimise} onClick={actions.minimise}>
            <MinimiseIcon size={24} />
          </button>
        )}
      </div>
      <div class="tools">
        {!kiosk && (
          <button type="button" class="tool" data-testid="elder-toggle" aria-pressed={elder} onClick={() => actions.setElder(!elder)}>
            {elder ? t.elderOff : t.elderOn}
          </button>
        )}
        {(!elder || kiosk) && (
          <button
            type="button"
            class="tool"
            data-testid="language-toggle"
            lang={locale === 'en' ? 'zh-CN' : 'en'}
            onClick={() => actions.setLocale(locale === 'en' ? 'zh-CN' : 'en')}
          >
            {t.otherLanguage}
          </button>
        )}
        {kiosk && (
          <button type="button" class="tool" data-testid="leave-now" onClick={actions.restart}>
            <RestartIcon size={20} />
            {t.leave}
          </button>
        )}
        {!elder && (
          <button type="button" class="tool" data-testid="restart" aria-expanded={asking} onClick={() => setAsking(!asking)}>
            <RestartIcon size={16} />
            <span class="wide-only">{t.restart}</span>
            <span class="narrow-only sr-only">{t.restart}</span>
          </button>
        )}
        <button
          type="button"
          class="tool person"
          data-testid="to-person"
          aria-disabled={handoff !== undefined}
          onClick={() => handoff === undefined && actions.requestPerson()}
        >
          <PersonIcon size={elder ? 24 : 18} />
          {personLabel}
        </button>
      </div>
      {asking && (
        <section class="confirm" aria-label={t.restart} data-testid="restart-confirm">
          <p>{t.restartConfirm}</p>
          <div class="row">
            <button
              type="button"
              class="button primary"
              onClick={() => {
                setAsking(false);
                actions.restart();
              }}
            >
              {t.restartYes}
            </button>
            <button type="button" class="button" onClick={() => setAsking(false)}>
              {t.cancel}
            </button>
          </div>
        </section>
      )}
    </div>
  );
}
