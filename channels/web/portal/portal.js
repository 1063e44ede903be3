/** The page asks through the widget: it opens the chat and says the question for the citizen. */
const chat = () => document.querySelector('wenban-chat');

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-ask], [data-open]') : null;
  if (!button) return;
  const question = button.getAttribute('data-ask');
  if (question === null) chat()?.show();
  else chat()?.ask(question);
});

document.getElementById('ask')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const field = document.getElementById('question');
  const question = field.value.trim();
  if (question === '') field.focus();
  else {
    chat()?.ask(question);
    field.value = '';
  }
});
