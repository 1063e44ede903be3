/** All style sheets of the widget, as one constructed sheet: no <style> element, so a strict Content-Security-Policy has nothing to forbid. */
import tokens from '../../../../design/tokens.css';
import base from './base.css';
import cards from './cards.css';
import composer from './composer.css';
import elder from './elder.css';
import kiosk from './kiosk.css';
import messages from './messages.css';
import panel from './panel.css';

const text = [tokens, base, panel, messages, cards, composer, elder, kiosk].join('\n');

/** Gives a shadow tree its styles. Browsers without constructed sheets (before 2023) get a <style> element. */
export function adoptStyles(shadow: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    const element = document.createElement('style');
    element.textContent = text;
    shadow.prepend(element);
  }
}
