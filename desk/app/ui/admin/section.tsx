/** One part of the operators' screen: its heading, and what went wrong with reading or changing it. */
import type { ComponentChildren } from 'preact';

export function Section({ title, problem = '', children }: { title: string; problem?: string; children: ComponentChildren }) {
  return (
    <section aria-label={title}>
      <h3 class="admin-title">{title}</h3>
      {problem !== '' && (
        <p class="form-problem" role="alert">
          {problem}
        </p>
      )}
      {children}
    </section>
  );
}
